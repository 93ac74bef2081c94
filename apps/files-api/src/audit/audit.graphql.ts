import type { GraphqlPart } from '../graphql/graphql-part.js';
import { connectionType, inputType, objectType } from '../graphql/sdl.js';
import { auditEntrySchema, auditParametersSchema } from './audit.schema.js';

export const auditGraphql: GraphqlPart = {
  types: `
    ${objectType('AuditEntry', auditEntrySchema, { types: { id: 'ID' } })}
    ${connectionType('AuditEntry')}
    ${inputType('AuditFilter', auditParametersSchema, {
      types: { fileId: 'ID', versionId: 'ID' },
      omit: ['format', 'limit', 'cursor', 'order'],
    })}
  `,
  queries: `
    "By time; the whole log is exported by GET /v1/audit"
    audit(filter: AuditFilter, order: Order = desc, first: Int = 50, after: String): AuditEntryConnection
      @requires(scope: "files:admin")
  `,
};
