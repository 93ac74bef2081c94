import { SystemOutboxRepository, SystemStagingRepository } from '@custody/data';
import { Metrics } from '@custody/observability';
import { Injectable } from '@nestjs/common';

/** What waits in PostgreSQL, measured when somebody scrapes: a number that only grows is an alarm. */
@Injectable()
export class BacklogMetrics {
  constructor(metrics: Metrics, outbox: SystemOutboxRepository, staging: SystemStagingRepository) {
    metrics.measured(
      { name: 'custody_outbox_unpublished_count', help: 'Committed events that are on no queue yet' },
      async () => (await outbox.backlog()).unpublished,
    );
    metrics.measured(
      { name: 'custody_outbox_undelivered_count', help: 'Published events that not every destination has' },
      async () => (await outbox.backlog()).undelivered,
    );
    metrics.measured(
      { name: 'custody_outbox_oldest_seconds', help: 'Age of the oldest event somebody still has to be told' },
      async () => (await outbox.backlog()).oldestSec,
    );
    metrics.measured(
      { name: 'custody_held_versions_count', help: 'Versions on hold until an administrator decides' },
      () => staging.countHeld(),
    );
  }
}
