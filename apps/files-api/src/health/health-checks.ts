import { Public } from '@custody/auth';
import { TenantDatabase } from '@custody/data';
import { HealthModule, type HealthCheck } from '@custody/observability';
import { QueueProducer } from '@custody/queues';
import { ObjectStore } from '@custody/storage';
import type { DynamicModule } from '@nestjs/common';

/**
 * Without PostgreSQL or the store this process cannot answer. Without Redis it can: what it commits is published later by
 * the relay (F5), so that is `degraded` and no reason to take it out of rotation.
 */
export function healthModule(): DynamicModule {
  return HealthModule.forRootAsync({
    inject: [TenantDatabase, ObjectStore, QueueProducer],
    useFactory: (database: TenantDatabase, store: ObjectStore, queues: QueueProducer): HealthCheck[] => [
      { name: 'postgres', check: () => database.ping() },
      { name: 's3', check: () => store.ping() },
      { name: 'redis', check: () => queues.ping(), required: false },
    ],
    decorators: [Public('probes and scrapers of the platform carry no token and learn nothing of a tenant')],
  });
}
