import { Injectable } from '@nestjs/common';
import { outboxEvent, type OutboxEvent, type OutboxMarks } from '@custody/contracts';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';

/** The relay's side of the outbox: what was committed but not published. */
@Injectable()
export class SystemOutboxRepository implements OutboxMarks {
  constructor(private readonly database: SystemDatabase) {}

  /** Leases up to `limit` events older than `afterSec` to this relay; a relay that dies loses its lease after `leaseSec`. */
  async lease(afterSec: number, leaseSec: number, limit: number): Promise<OutboxEvent[]> {
    const rows = await this.database.call<Record<string, unknown> & { createdAt: Date }>(
      Prisma.sql`SELECT * FROM lease_outbox(make_interval(secs => ${afterSec}::float8), make_interval(secs => ${leaseSec}::float8), ${limit}::int)`,
    );
    return rows.map((row) => outboxEvent.parse({ ...row, occurredAt: row.createdAt.toISOString() }));
  }

  async markPublished(events: readonly OutboxEvent[]): Promise<void> {
    await this.database.prisma.outbox.updateMany({
      where: { OR: events.map(({ tenantId, id }) => ({ tenantId, id })), publishedAt: null },
      data: { publishedAt: new Date(), lockedUntil: null },
    });
  }

  /** Deletes events published longer than `keepSec` ago; returns how many. */
  async trim(keepSec: number, limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_outbox(make_interval(secs => ${keepSec}::float8), ${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }
}
