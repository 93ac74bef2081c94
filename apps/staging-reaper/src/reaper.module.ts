import type { StagingReaperConfig } from '@custody/config';
import { OutboxPublisherModule } from '@custody/confirm';
import { DataModule, SystemDatabase, SystemDataModule, TenantDatabase } from '@custody/data';
import { HealthModule, ObservabilityModule } from '@custody/observability';
import { QueueProducer, QueuesModule } from '@custody/queues';
import { ObjectStore, StorageModule } from '@custody/storage';
import { Module, type DynamicModule } from '@nestjs/common';
import { BacklogMetrics } from './backlog-metrics.js';
import { RoundsModule } from './rounds/rounds.module.js';

@Module({})
export class ReaperModule {
  static forRoot(config: StagingReaperConfig): DynamicModule {
    const { database, redis, store, runtime } = config;
    const connection = { poolMax: database.poolMax, applicationName: runtime.name };
    return {
      module: ReaperModule,
      imports: [
        DataModule.forRootAsync({ inject: [], useFactory: () => ({ ...connection, url: database.url }) }),
        SystemDataModule.forRootAsync({ inject: [], useFactory: () => ({ ...connection, url: database.systemUrl }) }),
        QueuesModule.forRootAsync({ useFactory: () => redis }),
        StorageModule.forRootAsync({
          useFactory: () => ({
            ...store,
            credentials: { accessKeyId: store.accessKeyId, secretAccessKey: store.secretAccessKey },
          }),
        }),
        OutboxPublisherModule,
        RoundsModule.forRoot(config),
        HealthModule.forRootAsync({
          inject: [TenantDatabase, SystemDatabase, QueueProducer, ObjectStore],
          useFactory: (
            tenants: TenantDatabase,
            system: SystemDatabase,
            queues: QueueProducer,
            objects: ObjectStore,
          ) => [
            { name: 'postgres', check: () => Promise.all([tenants.ping(), system.ping()]) },
            { name: 'redis', check: () => queues.ping() },
            { name: 's3', check: () => objects.ping() },
          ],
        }),
        ObservabilityModule.forRoot({
          name: runtime.name,
          level: runtime.logLevel,
          secrets: [database.url, database.systemUrl, redis.url, store.accessKeyId, store.secretAccessKey],
        }),
      ],
      providers: [BacklogMetrics],
    };
  }
}
