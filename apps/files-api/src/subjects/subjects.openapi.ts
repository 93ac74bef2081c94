import {
  answerOf,
  fileIdParameter,
  headersOf,
  pageParameters,
  pathParameter,
  requestOf,
  type Doors,
} from '../openapi/operation.js';
import { presignRequestSchema, presignResponseSchema } from '../uploads/uploads.schema.js';
import { subjectFilesSchema } from './subjects.schema.js';

const subject = [
  pathParameter('type', '`[a-z][a-z0-9_-]{0,63}`: case, work-order, unit, …'),
  pathParameter('subjectId', 'What the service that owns the subject calls it, up to 128 characters'),
];
const done = (description: string) => ({ 204: { description, headers: headersOf({}) } });

export const subjectDoors: Doors = {
  'PUT /v1/files/{fileId}/subjects/{type}/{subjectId}': {
    tag: 'subjects',
    summary: 'Link a file to a subject',
    description: 'May be repeated. Whether the subject exists is not asked.',
    scope: 'files:write',
    parameters: [fileIdParameter, ...subject],
    responses: done('The file is linked'),
    refusals: ['validation-error', 'FILE_NOT_FOUND'],
  },
  'DELETE /v1/files/{fileId}/subjects/{type}/{subjectId}': {
    tag: 'subjects',
    summary: 'Unlink a file from a subject',
    scope: 'files:write',
    parameters: [fileIdParameter, ...subject],
    responses: done('The file is not linked any more'),
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'SUBJECT_NOT_LINKED'],
  },
  'GET /v1/subjects/{type}/{subjectId}/files': {
    tag: 'subjects',
    summary: 'List the files of a subject',
    description: 'Those the caller may see, the last linked first. A subject nobody linked has none.',
    scope: 'files:read',
    parameters: [...subject, ...pageParameters],
    responses: { 200: answerOf(subjectFilesSchema, 'A page of files') },
    refusals: ['validation-error'],
  },
  'POST /v1/subjects/{type}/{subjectId}/presign': {
    creates: true,
    tag: 'subjects',
    summary: 'Ask for an upload URL into a subject',
    description: 'As `POST /v1/files/presign`; the file is linked to the subject when the upload is confirmed.',
    scope: 'files:write',
    parameters: subject,
    requestBody: requestOf(presignRequestSchema),
    responses: { 201: answerOf(presignResponseSchema, 'The upload is expected') },
    refusals: [
      'UPLOAD_NOT_AWAITED',
      'validation-error',
      'ACCESS_GROUP_NOT_FOUND',
      'FOLDER_NOT_FOUND',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'STAGING_LIMIT_EXCEEDED',
    ],
  },
};
