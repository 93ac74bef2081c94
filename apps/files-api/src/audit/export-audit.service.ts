import { Readable } from 'node:stream';
import { AuditRepository, type AuditPosition, type AuditRecord, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { readCursor } from './audit-cursor.js';
import { auditEntry } from './audit-entry.js';
import type { AuditQuery } from './audit.schema.js';

/** Rows of one step; what an export holds in memory at a time is two such pages at most. */
const PAGE = 200;

/** The whole of what a filter finds, as NDJSON (M37). The export itself is an entry, `audit.exported`, and ends before it. */
@Injectable()
export class ExportAudit {
  constructor(private readonly audit: AuditRepository) {}

  /**
   * One JSON object a line. A page is read when the one before has been taken, each in a step of its own: neither a slow reader nor one
   * that left holds a connection or a snapshot, and the log being append-only the pages fit together. Destroying the stream ends the
   * reading. Throws `validation-error` for a cursor that is not ours.
   */
  async execute(context: StepContext, { cursor, order, filter }: AuditQuery): Promise<Readable> {
    const start = readCursor(cursor, order);
    const before = await this.audit.beginExport(context, {
      filter,
      order,
      ...(start === null ? {} : { after: start }),
    });
    const page = (after: AuditPosition | null) => this.audit.page(context, { ...filter, before }, order, after, PAGE);
    // Read before the answer begins, so that a database that is away is a 503 and not an answer cut short.
    return Readable.from(linesOf(await page(start), page), { objectMode: true, highWaterMark: 1 });
  }
}

async function* linesOf(
  first: AuditRecord[],
  next: (after: AuditPosition) => Promise<AuditRecord[]>,
): AsyncGenerator<string> {
  for (let records = first; records.length > 0;) {
    yield records.map((record) => `${JSON.stringify(auditEntry(record))}\n`).join('');
    const last = records.at(-1);
    records = last === undefined || records.length < PAGE ? [] : await next(last);
  }
}
