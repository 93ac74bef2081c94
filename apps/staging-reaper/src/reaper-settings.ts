import type { StagingReaperConfig } from '@custody/config';

/** The configuration as the tasks use it; all times in seconds. */
export class ReaperSettings {
  readonly ttlSec: number;
  /** Beyond this age no staging object has a reason to be there (I6). */
  readonly stagingLifeSec: number;
  readonly reconcileAfterSec: number;
  readonly retentionSec: number;
  readonly relayAfterSec: number;
  readonly redeliverAfterSec: number;
  readonly outboxKeepSec: number;
  readonly eventsKeepSec: number;
  readonly webhookKeepSec: number;
  readonly verdictsKeepSec: number;
  readonly copyGraceSec: number;
  readonly verifyPerSweep: number;
  /** Requests to the store at a time. */
  readonly concurrency: number;

  constructor({ staging, reaper }: Pick<StagingReaperConfig, 'staging' | 'reaper'>) {
    this.ttlSec = staging.ttlHours * 3_600;
    this.stagingLifeSec = this.ttlSec + staging.graceMinutes * 60;
    this.reconcileAfterSec = staging.reconcileAfterSec;
    this.retentionSec = staging.deleteRetentionDays * 86_400;
    // A single round has no later one that would publish the events it has just written.
    this.relayAfterSec = reaper.run === 'once' ? 0 : reaper.relayAfterSec;
    this.redeliverAfterSec = reaper.redeliverAfterSec;
    this.outboxKeepSec = reaper.outboxKeepHours * 3_600;
    this.eventsKeepSec = reaper.eventsKeepHours * 3_600;
    this.webhookKeepSec = reaper.webhookKeepDays * 86_400;
    this.verdictsKeepSec = reaper.verdictsKeepDays * 86_400;
    this.copyGraceSec = reaper.copyGraceSec;
    this.verifyPerSweep = reaper.verifyPerSweep;
    this.concurrency = reaper.concurrency;
  }
}
