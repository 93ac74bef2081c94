import { answerOf, queryOf, type Doors } from '../openapi/operation.js';
import { listingParametersSchema, listingSchema } from './listing.schema.js';

const metadataMember = {
  name: 'metadata.{name}',
  in: 'query',
  required: false,
  description: 'A member of the metadata is this text: `metadata.case=A-1` is short for `metadata={"case":"A-1"}`',
  schema: { type: 'string' },
};

export const listingDoors: Doors = {
  'GET /v1/files': {
    tag: 'files',
    summary: 'List files',
    description:
      'Those that pass every filter given, newest first unless asked otherwise. A page says whether there are more; `nextCursor` ' +
      'leads on. Pages stay in order while files come and go.',
    scope: 'files:read',
    parameters: [...queryOf(listingParametersSchema), metadataMember],
    responses: { 200: answerOf(listingSchema, 'A page') },
    refusals: ['validation-error', 'FOLDER_NOT_FOUND'],
  },
};
