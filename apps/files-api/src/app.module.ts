import { AuthModule } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { OutboxPublisherModule } from '@custody/confirm';
import { DataModule } from '@custody/data';
import { ObservabilityModule } from '@custody/observability';
import { QueuesModule } from '@custody/queues';
import { StorageModule } from '@custody/storage';
import { Module, type DynamicModule } from '@nestjs/common';
import { AccessGroupsModule } from './access-groups/access-groups.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ConfigurationModule } from './configuration.module.js';
import { EventsModule } from './events/events.module.js';
import { FileTypesModule } from './file-types/file-types.module.js';
import { FilesModule } from './files/files.module.js';
import { GraphqlModule } from './graphql/graphql.module.js';
import { FoldersModule } from './folders/folders.module.js';
import { healthModule } from './health/health-checks.js';
import { RateLimitsModule } from './rate-limits/rate-limits.module.js';
import { RescansModule } from './rescans/rescans.module.js';
import { SharesModule } from './shares/shares.module.js';
import { MultipartModule } from './multipart/multipart.module.js';
import { ListingModule } from './listing/listing.module.js';
import { storageOptions } from './storage-options.js';
import { StoreEventsModule } from './store-events/store-events.module.js';
import { SubjectsModule } from './subjects/subjects.module.js';
import { ThumbnailsModule } from './thumbnails/thumbnails.module.js';
import { UppyModule } from './uppy/uppy.module.js';
import { UploadsModule } from './uploads/uploads.module.js';
import { VersionsModule } from './versions/versions.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class AppModule {
  static with(config: FilesApiConfig): DynamicModule {
    const { database, redis, auth, runtime, store } = config;
    return {
      module: AppModule,
      imports: [
        ConfigurationModule.with(config),
        ObservabilityModule.forRoot({ name: runtime.name, level: runtime.logLevel, secrets: secretsOf(config) }),
        DataModule.forRootAsync({ inject: [], useFactory: () => ({ ...database, applicationName: runtime.name }) }),
        StorageModule.forRootAsync({ useFactory: () => storageOptions(store) }),
        QueuesModule.forRootAsync({ useFactory: () => redis }),
        AuthModule.forRootAsync({ useFactory: () => auth }),
        RateLimitsModule,
        OutboxPublisherModule,
        UploadsModule,
        MultipartModule,
        UppyModule,
        ListingModule,
        FilesModule,
        AccessGroupsModule,
        SharesModule,
        SubjectsModule,
        FoldersModule,
        FileTypesModule,
        VersionsModule,
        RescansModule,
        ThumbnailsModule,
        EventsModule,
        WebhooksModule,
        AuditModule,
        GraphqlModule,
        StoreEventsModule,
        healthModule(),
      ],
    };
  }
}

/** What a log record must never show, wherever it comes from. */
function secretsOf({ store, http, auth, database, redis, webhooks }: FilesApiConfig): string[] {
  const passwords = [database.url, redis.url].map((url) => decodeURIComponent(new URL(url).password));
  const keys = [...webhooks.secretsKeys.split(','), ...auth.uploadTokenKeys.split(',')];
  return [store.secretAccessKey, http.s3EventsToken ?? '', ...keys, ...passwords];
}
