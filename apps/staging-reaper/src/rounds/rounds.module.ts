import { ConfirmModule } from '@custody/confirm';
import type { StagingReaperConfig } from '@custody/config';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { CleanEnded } from '../cleanup/clean-ended.service.js';
import { ExpireStale } from '../expire/expire-stale.service.js';
import { EmptyFolders } from '../folders/empty-folders.service.js';
import { TrimEvents } from '../events/trim-events.service.js';
import { TrimKeys } from '../idempotency/trim-keys.service.js';
import { PurgeDeleted } from '../purge/purge-deleted.service.js';
import { ReaperSettings } from '../reaper-settings.js';
import { ConfirmArrivals } from '../reconcile/confirm-arrivals.service.js';
import { WakeScans } from '../reconcile/wake-scans.service.js';
import { RedeliverEvents } from '../relay/redeliver-events.service.js';
import { RelayOutbox } from '../relay/relay-outbox.service.js';
import { TrimOutbox } from '../relay/trim-outbox.service.js';
import { ReportOrphans } from '../sweep/report-orphans.service.js';
import { SweepStaging } from '../sweep/sweep-staging.service.js';
import { VerifyAvailable } from '../sweep/verify-available.service.js';
import { TrimVerdicts } from '../verdicts/trim-verdicts.service.js';
import { TrimWebhooks } from '../webhooks/trim-webhooks.service.js';
import { AwaitRedis } from './await-redis.service.js';
import { ReaperMetrics } from './reaper-metrics.js';
import type { ReaperTask } from './reaper-task.js';
import { Rounds } from './rounds.js';
import { RunLoop } from './run-loop.service.js';
import { RunOnce } from './run-once.service.js';
import { RunTask } from './run-task.service.js';

/**
 * The whole plan on one screen. What arrived is confirmed before the stale is expired, and what was expired is cleaned in the
 * same round.
 */
const USUAL: Type<ReaperTask>[] = [
  ConfirmArrivals,
  WakeScans,
  ExpireStale,
  EmptyFolders,
  CleanEnded,
  PurgeDeleted,
  RedeliverEvents,
  TrimOutbox,
  TrimEvents,
  TrimKeys,
  TrimVerdicts,
  TrimWebhooks,
];
const LISTING: Type<ReaperTask>[] = [SweepStaging, ReportOrphans, VerifyAvailable];

@Module({})
export class RoundsModule {
  static forRoot(config: StagingReaperConfig): DynamicModule {
    return {
      module: RoundsModule,
      imports: [ConfirmModule],
      providers: [
        { provide: ReaperSettings, useValue: new ReaperSettings(config) },
        {
          provide: Rounds,
          inject: [RelayOutbox, ...USUAL, ...LISTING],
          useFactory: (relay: RelayOutbox, ...tasks: ReaperTask[]) =>
            new Rounds(tasks.slice(0, USUAL.length), tasks.slice(USUAL.length), relay),
        },
        RelayOutbox,
        ...USUAL,
        ...LISTING,
        AwaitRedis,
        ReaperMetrics,
        RunTask,
        RunLoop,
        RunOnce,
      ],
      exports: [AwaitRedis, RunLoop, RunOnce],
    };
  }
}
