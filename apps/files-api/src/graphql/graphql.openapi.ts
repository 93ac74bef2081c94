import { answerOf, requestOf, type Doors } from '../openapi/operation.js';
import { graphqlAnswerSchema, graphqlRequestSchema } from './graphql.schema.js';

export const graphqlDoors: Doors = {
  'POST /graphql': {
    summary: 'Any query or mutation',
    description:
      'The same use-cases, rules and codes as under `/v1`; the schema is `apps/files-api/schema/schema.graphql`, and introspection answers. ' +
      'Any token opens the door; each field names the scope it needs.',
    tag: 'graphql',
    scope: 'any',
    requestBody: requestOf(graphqlRequestSchema),
    responses: {
      200: answerOf(graphqlAnswerSchema, 'Executed; `errors` has what was refused of it'),
      400: answerOf(graphqlAnswerSchema, 'Not executed: the document is wrong or asks for too much'),
    },
    refusals: ['validation-error', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
  },
};
