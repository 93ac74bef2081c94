import { fileViewSchema } from '../files/files.schema.js';
import { answerOf, fileIdParameter, queryParameter, requestOf, type Doors } from '../openapi/operation.js';
import { presignResponseSchema } from '../uploads/uploads.schema.js';
import { heldDecisionSchema, presignVersionRequestSchema, versionListSchema } from './versions.schema.js';

const versionIdParameter = {
  name: 'versionId',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
};

const held = {
  tag: 'versions',
  scope: 'files:admin',
  parameters: [fileIdParameter, versionIdParameter],
  requestBody: requestOf(heldDecisionSchema),
  responses: { 204: { description: 'Decided' } },
  refusals: ['validation-error', 'FILE_NOT_FOUND', 'VERSION_NOT_FOUND', 'VERSION_NOT_HELD', 'UNSUPPORTED_MEDIA_TYPE'],
} as const;

export const versionDoors: Doors = {
  'GET /v1/files/{fileId}/versions': {
    tag: 'versions',
    summary: 'List the versions of a file',
    description: 'Newest first, pending and rejected ones included.',
    scope: 'files:read',
    parameters: [
      fileIdParameter,
      queryParameter('limit', 'Versions on a page', { type: 'integer', minimum: 1, maximum: 200, default: 50 }),
      queryParameter('cursor', '`nextCursor` of the page before', { type: 'string' }),
    ],
    responses: { 200: answerOf(versionListSchema, 'A page') },
    refusals: ['validation-error', 'FILE_NOT_FOUND'],
  },
  'POST /v1/files/{fileId}/versions/presign': {
    tag: 'versions',
    summary: 'Ask for an upload URL for a new version',
    description:
      'The file keeps its id, name and metadata and serves what it did until the new version is available. Confirm as any ' +
      "upload: confirming a file confirms its newest version. The type may change; computed fields follow the new version's bytes.",
    creates: true,
    scope: 'files:write',
    parameters: [fileIdParameter],
    requestBody: requestOf(presignVersionRequestSchema),
    responses: { 201: answerOf(presignResponseSchema, 'The version is expected') },
    refusals: [
      'UPLOAD_NOT_AWAITED',
      'validation-error',
      'FILE_NOT_FOUND',
      'PAYLOAD_TOO_LARGE',
      'UNSUPPORTED_MEDIA_TYPE',
      'STAGING_LIMIT_EXCEEDED',
    ],
  },
  'POST /v1/files/{fileId}/versions/{versionId}/restore': {
    tag: 'versions',
    summary: 'Let an available version speak for the file',
    description:
      'Nothing is copied and no version is lost. Uploads begun before this one do not take over when they become available; ' +
      'later ones do.',
    scope: 'files:write',
    parameters: [fileIdParameter, versionIdParameter],
    responses: { 200: answerOf(fileViewSchema, 'The file as it is now') },
    refusals: ['FILE_NOT_FOUND', 'VERSION_NOT_FOUND', 'VERSION_NOT_AVAILABLE', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'POST /v1/files/{fileId}/versions/{versionId}/release': {
    ...held,
    summary: 'Release a version that is held',
    description:
      'Its bytes were hashed and not scanned; whoever releases them answers for them. The version becomes available as after a scan; ' +
      '`scan.coverage` stays `none`. Who, when and why are in the audit log.',
  },
  'POST /v1/files/{fileId}/versions/{versionId}/reject': {
    ...held,
    summary: 'Reject a version that is held',
    description: 'It ends as rejected and its bytes are removed.',
  },
};
