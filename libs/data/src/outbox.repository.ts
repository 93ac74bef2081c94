import { Injectable } from '@nestjs/common';
import type { OutboxEvent, OutboxMarks } from '@custody/contracts';
import type { TenantId } from '@custody/domain';
import { TenantDatabase } from './tenant-database.js';

/** Notes which of a tenant's events reached their queue, so that the relay leaves them alone. */
@Injectable()
export class OutboxRepository implements OutboxMarks {
  constructor(private readonly database: TenantDatabase) {}

  /** Events of one tenant: a step never writes events of two. */
  async markPublished(events: readonly OutboxEvent[]): Promise<void> {
    const [first] = events;
    if (first === undefined) return;
    const context = { tenantId: first.tenantId as TenantId, actor: 'system:outbox' } as const;
    await this.database.call(context, 'SELECT mark_published($1, $2)', [events.map((event) => event.id)]);
  }
}
