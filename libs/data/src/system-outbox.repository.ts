import { Injectable } from '@nestjs/common';
import type { OutboxEvent, OutboxMarks } from '@custody/contracts';
import { Prisma } from './generated/client.js';
import { SystemDatabase } from './system-database.js';

/** Events somebody still has to be told, and the age of the oldest. */
export interface OutboxBacklog {
  readonly unpublished: number;
  readonly undelivered: number;
  readonly oldestSec: number;
}

type OutboxRow = Omit<OutboxEvent, 'occurredAt'> & { readonly createdAt: Date };

const seconds = (value: number): Prisma.Sql => Prisma.sql`make_interval(secs => ${value}::float8)`;

/** The relay's side of the outbox: what was committed but not published. */
@Injectable()
export class SystemOutboxRepository implements OutboxMarks {
  constructor(private readonly database: SystemDatabase) {}

  /** Leases up to `limit` events older than `afterSec` to this relay; a relay that dies loses its lease after `leaseSec`. */
  async lease(afterSec: number, leaseSec: number, limit: number): Promise<OutboxEvent[]> {
    return this.events(
      Prisma.sql`SELECT * FROM lease_outbox(${seconds(afterSec)}, ${seconds(leaseSec)}, ${limit}::int)`,
    );
  }

  /** Events published more than `afterSec` ago that reached nobody; each is handed to one caller and again only after `everySec`. */
  async claimUndelivered(afterSec: number, everySec: number, limit: number): Promise<OutboxEvent[]> {
    return this.events(
      Prisma.sql`SELECT * FROM claim_undelivered(${seconds(afterSec)}, ${seconds(everySec)}, ${limit}::int)`,
    );
  }

  async markPublished(events: readonly OutboxEvent[]): Promise<void> {
    const [tenants, ids] = [events.map(({ tenantId }) => tenantId), events.map(({ id }) => id)];
    await this.database.call(Prisma.sql`SELECT 1 FROM mark_events_published(${tenants}::uuid[], ${ids}::uuid[])`);
  }

  async backlog(): Promise<OutboxBacklog> {
    const [row] = await this.database.call<OutboxBacklog>(Prisma.sql`SELECT * FROM outbox_backlog()`);
    return row ?? { unpublished: 0, undelivered: 0, oldestSec: 0 };
  }

  /** Deletes events published longer than `keepSec` ago, but none that still has to be delivered; returns how many. */
  async trim(keepSec: number, limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_outbox(${seconds(keepSec)}, ${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }

  /** Not parsed here: one row that breaks its contract must not keep its whole batch from the relay, which publishes one by one. */
  private async events(statement: Prisma.Sql): Promise<OutboxEvent[]> {
    const rows = await this.database.call<OutboxRow>(statement);
    return rows.map(({ id, tenantId, type, fileId, versionId, data, requestId, traceparent, createdAt }) => ({
      ...{ id, tenantId, type, fileId, versionId, data, requestId, traceparent },
      occurredAt: createdAt.toISOString(),
    }));
  }
}
