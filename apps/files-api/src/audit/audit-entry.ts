import type { AuditRecord } from '@custody/data';
import type { AuditEntry } from './audit.schema.js';

export function auditEntry({ id, at, actor, action, fileId, versionId, requestId, detail }: AuditRecord): AuditEntry {
  return { id: String(id), at: at.toISOString(), actor, action, fileId, versionId, requestId, detail };
}
