import { answerOf, fileIdParameter, queryOf, requestOf, type Doors } from '../openapi/operation.js';
import {
  arrivedPartsSchema,
  listPartsQuerySchema,
  signedPartsSchema,
  signPartsRequestSchema,
} from './multipart.schema.js';

const door = { tag: 'uploads', scope: 'files:write', parameters: [fileIdParameter] } as const;
const refusals = ['FILE_NOT_FOUND', 'NO_MULTIPART_UPLOAD'] as const;

export const multipartDoors: Doors = {
  'GET /v1/files/{fileId}/multipart': {
    ...door,
    summary: 'What of an upload in parts has arrived',
    description: 'The plan and the parts the store has. A client that starts again sends the others.',
    parameters: [fileIdParameter, ...queryOf(listPartsQuerySchema)],
    responses: { 200: answerOf(arrivedPartsSchema, 'The upload so far') },
    refusals: [...refusals, 'validation-error', 'STORE_UNAVAILABLE'],
  },
  'POST /v1/files/{fileId}/multipart/parts': {
    ...door,
    summary: 'Ask for the URLs of parts',
    description:
      'Up to 1,000 at once, in any order, as often as needed; a URL that ran out is signed again. PUT each part of exactly its ' +
      'size; when all have arrived, confirm the file as any upload. The service puts the parts together by the list of the store.',
    requestBody: requestOf(signPartsRequestSchema),
    responses: { 200: answerOf(signedPartsSchema, 'The URLs') },
    refusals: [...refusals, 'validation-error', 'UNSUPPORTED_MEDIA_TYPE'],
  },
  'DELETE /v1/files/{fileId}/multipart': {
    ...door,
    summary: 'Give an upload in parts up',
    description: 'Its parts are removed. A new version goes alone; a file that has no other version goes with it.',
    responses: { 204: { description: 'Given up' } },
    refusals,
  },
};
