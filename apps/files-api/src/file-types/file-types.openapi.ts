import { answerOf, type Doors } from '../openapi/operation.js';
import { fileTypeListSchema } from './file-types.schema.js';

export const fileTypeDoors: Doors = {
  'GET /v1/file-types': {
    tag: 'file-types',
    summary: 'The types this service knows',
    description: 'A type that is not listed is stored as application/octet-stream and always served as an attachment.',
    scope: 'files:read',
    responses: { 200: answerOf(fileTypeListSchema, 'The catalogue') },
    refusals: [],
  },
};
