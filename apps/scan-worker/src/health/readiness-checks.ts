import type { SystemDatabase, TenantDatabase } from '@custody/data';
import type { HealthCheck } from '@custody/observability';
import type { QueueProducer } from '@custody/queues';
import type { ObjectStore } from '@custody/storage';

export type ReadinessParts = [TenantDatabase, SystemDatabase, QueueProducer, ObjectStore];

/** What a worker cannot work without. The engine is not among them: while it is away the worker waits, it needs no restart. */
export function readinessChecks(...[tenants, system, producer, store]: ReadinessParts): HealthCheck[] {
  return [
    { name: 'postgres', check: () => Promise.all([tenants.ping(), system.ping()]) },
    { name: 'redis', check: () => producer.ping() },
    { name: 's3', check: () => store.ping() },
  ];
}
