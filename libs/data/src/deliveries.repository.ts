import { Injectable } from '@nestjs/common';
import type { CloudEvent } from '@custody/contracts';
import type { TenantId } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export interface DeliveryRecord {
  readonly attempts: number;
  readonly deliveredAt: Date | null;
}

/** The log of what was told to whom: one row per event and destination, whatever is redelivered. */
@Injectable()
export class DeliveriesRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Registers a delivery once and returns it as it stands. */
  async begin(event: CloudEvent, destination: string): Promise<DeliveryRecord> {
    const [row] = await this.database.call<DeliveryRecord>(
      contextOf(event),
      'SELECT * FROM begin_delivery($1, $2, $3, $4, $5)',
      [event.id, destination, event.type, JSON.stringify(event)],
    );
    return row as DeliveryRecord;
  }

  /** Notes one attempt; `error` null: delivered. */
  async end(event: CloudEvent, destination: string, error: string | null): Promise<void> {
    await this.database.call(contextOf(event), 'SELECT end_delivery($1, $2, $3, $4)', [event.id, destination, error]);
  }

  /** Notes that every destination has the event, so that nobody looks for it again. */
  async complete(event: CloudEvent): Promise<void> {
    await this.database.call(contextOf(event), 'SELECT complete_event($1, $2)', [event.id]);
  }
}

function contextOf(event: CloudEvent): StepContext {
  return { tenantId: event.tenantid as TenantId, actor: 'system:notifier' };
}
