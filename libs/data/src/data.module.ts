import { FileEventHints } from '@custody/contracts';
import { Module, type DynamicModule, type InjectionToken, type OptionalFactoryDependency } from '@nestjs/common';
import { AccessGroupsRepository } from './access-groups.repository.js';
import { AuditRepository } from './audit.repository.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import { DerivationsRepository } from './derivations.repository.js';
import { FileVersionsRepository } from './file-versions.repository.js';
import { FileEventsRepository } from './file-events.repository.js';
import { FileListingRepository } from './file-listing.repository.js';
import { FilesRepository } from './files.repository.js';
import { FoldersRepository } from './folders.repository.js';
import { IdempotencyKeysRepository } from './idempotency-keys.repository.js';
import { MultipartsRepository } from './multiparts.repository.js';
import { UploadTokensRepository } from './upload-tokens.repository.js';
import { OutboxRepository } from './outbox.repository.js';
import { RescansRepository } from './rescans.repository.js';
import { ScanCheckpointsRepository } from './scan-checkpoints.repository.js';
import { SharesRepository } from './shares.repository.js';
import { SubjectLinksRepository } from './subject-links.repository.js';
import { SystemDatabase } from './system-database.js';
import { SystemFileEventsRepository } from './system-file-events.repository.js';
import { SystemFoldersRepository } from './system-folders.repository.js';
import { SystemIdempotencyKeysRepository } from './system-idempotency-keys.repository.js';
import { SystemOutboxRepository } from './system-outbox.repository.js';
import { SystemRescansRepository } from './system-rescans.repository.js';
import { SystemScanQueueRepository } from './system-scan-queue.repository.js';
import { SystemStagingRepository } from './system-staging.repository.js';
import { TenantDatabase, type DatabaseOptions } from './tenant-database.js';
import { UploadsRepository } from './uploads.repository.js';
import { SystemWebhooksRepository } from './system-webhooks.repository.js';
import { VersionsRepository } from './versions.repository.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhooksRepository } from './webhooks.repository.js';

export interface DataModuleOptions {
  readonly inject: (InjectionToken | OptionalFactoryDependency)[];
  readonly useFactory: (...args: never[]) => DatabaseOptions;
}

const TENANT = [
  AccessGroupsRepository,
  AuditRepository,
  DeliveriesRepository,
  DerivationsRepository,
  FilesRepository,
  FoldersRepository,
  FileEventsRepository,
  FileVersionsRepository,
  FileListingRepository,
  IdempotencyKeysRepository,
  MultipartsRepository,
  UploadTokensRepository,
  OutboxRepository,
  RescansRepository,
  ScanCheckpointsRepository,
  SharesRepository,
  SubjectLinksRepository,
  UploadsRepository,
  VersionsRepository,
  WebhookDeliveriesRepository,
  WebhooksRepository,
];
const SYSTEM = [
  SystemFileEventsRepository,
  SystemFoldersRepository,
  SystemIdempotencyKeysRepository,
  SystemOutboxRepository,
  SystemRescansRepository,
  SystemScanQueueRepository,
  SystemStagingRepository,
  SystemWebhooksRepository,
];

/** A process without queues has nobody to wake. */
const HINTS: OptionalFactoryDependency = { token: FileEventHints, optional: true };

/** Repositories of one tenant at a time, under row-level security. */
@Module({})
export class DataModule {
  static forRootAsync(options: DataModuleOptions): DynamicModule {
    return {
      module: DataModule,
      global: true,
      providers: [
        {
          provide: TenantDatabase,
          inject: [HINTS, ...options.inject],
          useFactory: (hints: FileEventHints | undefined, ...args: never[]) =>
            new TenantDatabase(options.useFactory(...args), hints),
        },
        ...TENANT,
      ],
      exports: [TenantDatabase, ...TENANT],
    };
  }
}

/** Cross-tenant repositories with the credentials of `custody_system`. */
@Module({})
export class SystemDataModule {
  static forRootAsync(options: DataModuleOptions): DynamicModule {
    return {
      module: SystemDataModule,
      global: true,
      providers: [
        {
          provide: SystemDatabase,
          inject: [HINTS, ...options.inject],
          useFactory: (hints: FileEventHints | undefined, ...args: never[]) =>
            new SystemDatabase(options.useFactory(...args), hints),
        },
        ...SYSTEM,
      ],
      exports: [SystemDatabase, ...SYSTEM],
    };
  }
}
