import { SystemRescansRepository, type RescanRecord, type RescanStep } from '@custody/data';
import { CrashPoints } from '@custody/observability';
import { OutboxPublisher } from '@custody/queues';
import { Injectable, Logger } from '@nestjs/common';
import { LeaseLost } from '../scan/interruption.js';
import { RescanSettings } from './rescan-settings.js';
import type { RescanWork } from './rescan-work.js';
import { WithdrawBytes } from './withdraw-bytes.service.js';

/** The verdict in one transaction; then, of a withdrawn version, its bytes: what could be read is hidden first and deleted next. */
@Injectable()
export class RecordRescan {
  private readonly log = new Logger(RecordRescan.name);

  constructor(
    private readonly rescans: SystemRescansRepository,
    private readonly publisher: OutboxPublisher,
    private readonly withdraw: WithdrawBytes,
    private readonly crashPoints: CrashPoints,
    private readonly settings: RescanSettings,
  ) {}

  /** @throws LeaseLost when the claim is not ours any more: nothing was written. */
  async execute(work: RescanWork, found: RescanRecord): Promise<NonNullable<RescanStep['outcome']>> {
    const { context, claim, ref, version, signal } = work;
    signal.throwIfAborted();
    await this.crashPoints.reach('before-rescan-verdict');
    const step = await this.rescans.record(context, ref.fileId, claim, found, this.settings.maxWithdrawn);
    if (!step.applied || step.outcome === null) throw new LeaseLost();
    if (step.outcome !== 'infected' && step.outcome !== 'altered') return step.outcome;
    this.log.error(
      `version ${claim.versionId} of tenant ${ref.tenantId} is withdrawn: ${found.signature ?? found.detail}`,
    );
    await this.crashPoints.reach('after-rescan-verdict');
    this.publisher.publishAfterCommit(step.events);
    await this.withdraw.execute(ref, version.bucket);
    return step.outcome;
  }
}
