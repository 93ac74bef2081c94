import type { StagingReaperConfig } from '@custody/config';
import { DataModule, SystemDataModule } from '@custody/data';
import { QueuesModule } from '@custody/queues';
import { StorageModule } from '@custody/storage';
import { Module, type DynamicModule } from '@nestjs/common';
import { HealthModule } from './health/health.module.js';
import { OutboxPublisherModule } from './outbox-publisher.module.js';
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
        HealthModule,
      ],
    };
  }
}
