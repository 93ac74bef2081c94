import { Injectable } from '@nestjs/common';
import { VersionsRepository, type VerdictRecord } from '@custody/data';
import { CrashPoints } from '@custody/observability';
import { OutboxPublisher } from '@custody/queues';
import { LeaseLost } from './interruption.js';
import { ScanSettings } from './scan-settings.js';
import type { Work } from './work.js';

/** Step 5: the verdict in one transaction, before any copy. */
@Injectable()
export class RecordVerdict {
  constructor(
    private readonly versions: VersionsRepository,
    private readonly publisher: OutboxPublisher,
    private readonly crashPoints: CrashPoints,
    private readonly settings: ScanSettings,
  ) {}

  /** @throws LeaseLost when the claim is not ours any more: nothing was written. */
  async execute({ context, claim, signal }: Work, verdict: VerdictRecord): Promise<void> {
    await this.crashPoints.reach('before-verdict');
    signal.throwIfAborted();
    const step = await this.versions.recordVerdict(context, claim, verdict, this.settings.leaseSec);
    if (!step.applied) throw new LeaseLost();
    await this.crashPoints.reach('after-verdict');
    this.publisher.publishAfterCommit(step.events);
  }
}
