import { Module, type DynamicModule } from '@nestjs/common';
import type { ScanWorkerConfig } from '@custody/config';
import { DataModule, OutboxRepository, SystemDatabase, SystemDataModule, TenantDatabase } from '@custody/data';
import { CrashPoints, crashPointsFrom, HealthModule, ObservabilityModule } from '@custody/observability';
import { OutboxPublisher, QueueProducer, QueuesModule } from '@custody/queues';
import { ObjectStore, StorageModule } from '@custody/storage';
import { ClamdScanner } from './antivirus/clamd.scanner.js';
import { VirusScanner } from './antivirus/virus-scanner.js';
import { DeriveHandler } from './derive/derive.handler.js';
import { DeriveSettings } from './derive/derive-settings.js';
import { DeriveVersion } from './derive/derive-version.service.js';
import { Renderer } from './derive/renderer.js';
import { readinessChecks, type ReadinessParts } from './health/readiness-checks.js';
import { WorkerGauges } from './health/worker-gauges.js';
import { ClearStaging } from './promote/clear-staging.service.js';
import { PromoteVersion } from './promote/promote-version.service.js';
import { RecordRescan } from './rescan/record-rescan.service.js';
import { RescanLanes } from './rescan/rescan-lanes.service.js';
import { RescanMetrics } from './rescan/rescan-metrics.js';
import { RescanSettings } from './rescan/rescan-settings.js';
import { RescanVersion } from './rescan/rescan-version.service.js';
import { WithdrawBytes } from './rescan/withdraw-bytes.service.js';
import { WorkOnRescan } from './rescan/work-on-rescan.service.js';
import { EngineVersions } from './scan/engine-versions.service.js';
import { InspectArchive } from './scan/inspect-archive.service.js';
import { ProcessClaim } from './scan/process-claim.service.js';
import { ReadPinned } from './scan/read-pinned.service.js';
import { RecordVerdict } from './scan/record-verdict.service.js';
import { ScanGate } from './scan/scan-gate.service.js';
import { SaveCheckpoint } from './scan/save-checkpoint.service.js';
import { ScanHandler } from './scan/scan.handler.js';
import { ScanInPieces } from './scan/scan-in-pieces.service.js';
import { ScanMembers } from './scan/scan-members.service.js';
import { ScanMetrics } from './scan/scan-metrics.js';
import { ScanSettings } from './scan/scan-settings.js';
import { ScanWindows } from './scan/scan-windows.service.js';
import { ScanVersion } from './scan/scan-version.service.js';
import { WorkOnNext } from './scan/work-on-next.service.js';
import {
  clamdOptions,
  databaseOptions,
  rescanSettings,
  scanSettings,
  secretsOf,
  storageOptions,
  systemDatabaseOptions,
} from './wiring.js';

/** Everything of the worker but its doors to the outside: those are opened in main.ts. */
@Module({})
export class ScanWorkerModule {
  static forRoot(config: ScanWorkerConfig): DynamicModule {
    return {
      module: ScanWorkerModule,
      imports: [
        ObservabilityModule.forRoot({
          name: config.runtime.name,
          level: config.runtime.logLevel,
          secrets: secretsOf(config),
        }),
        HealthModule.forRootAsync({
          inject: [TenantDatabase, SystemDatabase, QueueProducer, ObjectStore],
          useFactory: (...parts: ReadinessParts) => readinessChecks(...parts),
        }),
        DataModule.forRootAsync({ inject: [], useFactory: () => databaseOptions(config) }),
        SystemDataModule.forRootAsync({ inject: [], useFactory: () => systemDatabaseOptions(config) }),
        StorageModule.forRootAsync({ useFactory: () => storageOptions(config) }),
        QueuesModule.forRootAsync({ useFactory: () => config.redis }),
      ],
      controllers: [ScanHandler, DeriveHandler],
      providers: [
        { provide: ScanSettings, useValue: scanSettings(config) },
        { provide: RescanSettings, useValue: rescanSettings(config) },
        { provide: DeriveSettings, useValue: config.derive },
        { provide: CrashPoints, useValue: crashPointsFrom(config.runtime.crashAt) },
        { provide: VirusScanner, useValue: new ClamdScanner(clamdOptions(config)) },
        {
          provide: OutboxPublisher,
          inject: [QueueProducer, OutboxRepository],
          useFactory: (producer: QueueProducer, marks: OutboxRepository) => new OutboxPublisher(producer, marks),
        },
        ...[ScanGate, WorkOnNext, ProcessClaim, ScanVersion, ReadPinned, ScanWindows, InspectArchive, EngineVersions],
        ...[ScanInPieces, ScanMembers, SaveCheckpoint],
        ...[RecordVerdict, PromoteVersion, ClearStaging, ScanMetrics, WorkerGauges],
        ...[RescanLanes, WorkOnRescan, RescanVersion, RecordRescan, WithdrawBytes, RescanMetrics],
        ...[DeriveVersion, Renderer],
      ],
    };
  }
}
