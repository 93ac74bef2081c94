import { answerOf, etag, header, headersOf, ifMatch, queryOf, requestOf, type Doors } from '../openapi/operation.js';
import {
  folderChangesSchema,
  folderDeletionQuerySchema,
  folderListQuerySchema,
  folderListSchema,
  folderViewSchema,
  newFolderSchema,
} from './folders.schema.js';

const folderIdParameter = {
  name: 'folderId',
  in: 'path',
  required: true,
  description: 'What is no UUID answers as an absent folder',
  schema: { type: 'string', format: 'uuid' },
};

export const folderDoors: Doors = {
  'POST /v1/folders': {
    tag: 'folders',
    summary: 'Create a folder',
    description: 'Names are unique in their parent; case matters. Folders nest up to 32 levels.',
    creates: true,
    scope: 'files:write',
    requestBody: requestOf(newFolderSchema),
    responses: { 201: answerOf(folderViewSchema, 'The folder', etag) },
    refusals: ['validation-error', 'FOLDER_NOT_FOUND', 'FOLDER_EXISTS', 'FOLDER_TOO_DEEP', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'GET /v1/folders': {
    tag: 'folders',
    summary: 'List the folders of a folder or of the root',
    description: 'By name. The files in it: `GET /v1/files?folder=`.',
    scope: 'files:read',
    parameters: queryOf(folderListQuerySchema),
    responses: { 200: answerOf(folderListSchema, 'A page') },
    refusals: ['validation-error', 'FOLDER_NOT_FOUND'],
  },
  'GET /v1/folders/{folderId}': {
    tag: 'folders',
    summary: 'Read a folder',
    scope: 'files:read',
    parameters: [folderIdParameter, header('If-None-Match', 'ETags the client has already')],
    responses: {
      200: answerOf(folderViewSchema, 'The folder', etag),
      304: { description: 'The client has it', headers: headersOf(etag) },
    },
    refusals: ['FOLDER_NOT_FOUND'],
  },
  'PATCH /v1/folders/{folderId}': {
    tag: 'folders',
    summary: 'Rename or move a folder',
    description: 'All that is in it moves along. What is not named stays as it is.',
    scope: 'files:write',
    parameters: [folderIdParameter, ifMatch],
    requestBody: requestOf(folderChangesSchema),
    responses: { 200: answerOf(folderViewSchema, 'The folder as it is now', etag) },
    refusals: [
      'validation-error',
      'FOLDER_NOT_FOUND',
      'FOLDER_EXISTS',
      'FOLDER_CYCLE',
      'FOLDER_TOO_DEEP',
      'PRECONDITION_FAILED',
      'UNSUPPORTED_MEDIA_TYPE',
    ],
  },
  'DELETE /v1/folders/{folderId}': {
    tag: 'folders',
    summary: 'Delete a folder',
    description:
      'An empty one, or with `recursive=true` one with all that is in it: it is gone at once, its folders and files are deleted in the ' +
      'background, each file as by its own door.',
    scope: 'files:write',
    parameters: [folderIdParameter, ...queryOf(folderDeletionQuerySchema), ifMatch],
    responses: {
      202: { description: 'Deleted; what was in it follows', headers: headersOf({}) },
      204: { description: 'Deleted', headers: headersOf({}) },
    },
    refusals: ['validation-error', 'FOLDER_NOT_FOUND', 'FOLDER_NOT_EMPTY', 'PRECONDITION_FAILED'],
  },
};
