import { answerOf, fileIdParameter, headersOf, pathParameter, requestOf, type Doors } from '../openapi/operation.js';
import { putShareSchema, shareSchema, sharesSchema } from './shares.schema.js';

const userId = pathParameter('userId', 'As in the `sub` of the user’s tokens', 'uuid');

export const shareDoors: Doors = {
  'GET /v1/files/{fileId}/shares': {
    tag: 'access',
    summary: 'List who a file is shared with',
    scope: 'files:read',
    parameters: [fileIdParameter],
    responses: { 200: answerOf(sharesSchema, 'All shares, ended ones too') },
    refusals: ['FILE_NOT_FOUND', 'NOT_THE_OWNER'],
  },
  'PUT /v1/files/{fileId}/shares/{userId}': {
    tag: 'access',
    summary: 'Let a user read a file',
    description:
      'By who made the file, and by administrators. The user may read it, stream it and ask for download URLs, whatever group it ' +
      'belongs to; never change it.',
    scope: 'files:write',
    parameters: [fileIdParameter, userId],
    requestBody: requestOf(putShareSchema, 'application/json', false),
    responses: { 200: answerOf(shareSchema, 'The share') },
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'NOT_THE_OWNER', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'DELETE /v1/files/{fileId}/shares/{userId}': {
    tag: 'access',
    summary: 'Take a share back',
    description: 'At once. A download URL the user got before works until it expires.',
    scope: 'files:write',
    parameters: [fileIdParameter, userId],
    responses: { 204: { description: 'The share is over', headers: headersOf({}) } },
    refusals: ['validation-error', 'FILE_NOT_FOUND', 'NOT_THE_OWNER', 'SHARE_NOT_FOUND'],
  },
};
