import { AuditRepository, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { readCursor, writeCursor } from './audit-cursor.js';
import { auditEntry } from './audit-entry.js';
import type { AuditPage, AuditQuery } from './audit.schema.js';

/** A page of the tenant's audit log (M37). Reading it leaves no entry: who pages through it would never come to its end. */
@Injectable()
export class ListAudit {
  constructor(private readonly audit: AuditRepository) {}

  /** Throws `validation-error` for a cursor that is not ours. */
  async execute(context: StepContext, { limit, cursor, order, filter }: AuditQuery): Promise<AuditPage> {
    const found = await this.audit.page(context, filter, order, readCursor(cursor, order), limit + 1);
    const records = found.slice(0, limit);
    const last = records.at(-1);
    const hasMore = found.length > limit;
    return {
      items: records.map(auditEntry),
      nextCursor: hasMore && last !== undefined ? writeCursor(order, last) : null,
      hasMore,
    };
  }
}
