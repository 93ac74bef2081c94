import { answerOf, jsonSchema, queryOf, type Doors } from '../openapi/operation.js';
import { auditEntrySchema, auditPageSchema, auditParametersSchema } from './audit.schema.js';
import { NDJSON } from './wants-ndjson.js';

const json = answerOf(auditPageSchema, 'A page, or every entry of the range, one JSON object a line') as {
  content: object;
};

export const auditDoors: Doors = {
  'GET /v1/audit': {
    tag: 'audit',
    summary: 'Read or export the audit log',
    description:
      'Entries that pass every filter given: every change and every URL handed out, with actor, time and request id. Entries are never ' +
      'changed and stay when their file is purged. As NDJSON the whole range is streamed, from `cursor` if there is one, up to the moment ' +
      'of the request; an export is an entry itself, `audit.exported`.',
    scope: 'files:admin',
    parameters: queryOf(auditParametersSchema),
    responses: {
      200: {
        ...json,
        content: { ...json.content, [NDJSON]: { schema: jsonSchema(auditEntrySchema, 'output') } },
      },
    },
    refusals: ['validation-error'],
  },
};
