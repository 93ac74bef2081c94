import { SystemRescansRepository, type ClaimedRescan } from '@custody/data';
import { Injectable, Logger } from '@nestjs/common';
import { LeaseLost } from '../scan/interruption.js';
import { Lease } from '../scan/lease.js';
import { whyHandBack } from '../scan/why-hand-back.js';
import { RecordRescan } from './record-rescan.service.js';
import { RescanMetrics } from './rescan-metrics.js';
import { RescanSettings } from './rescan-settings.js';
import { RescanVersion } from './rescan-version.service.js';
import { rescanWork, type RescanWork } from './rescan-work.js';

/** One claimed rescan, from its claim to its end or back into the queue. */
@Injectable()
export class WorkOnRescan {
  private readonly log = new Logger(WorkOnRescan.name);

  constructor(
    private readonly rescans: SystemRescansRepository,
    private readonly rescan: RescanVersion,
    private readonly record: RecordRescan,
    private readonly metrics: RescanMetrics,
    private readonly settings: RescanSettings,
  ) {}

  /** Never rejects. @param stop aborts when the process has to end; the claim is then handed back at once. */
  async execute(version: ClaimedRescan, stop: AbortSignal): Promise<void> {
    const { tenantId, id: versionId, epoch } = version;
    const held = { tenantId, claim: { versionId, epoch } };
    const lease = new Lease(() => this.rescans.renew(held, this.settings.leaseSec), this.settings.leaseSec);
    const work = rescanWork(version, AbortSignal.any([stop, lease.signal]));
    try {
      const outcome = await this.record.execute(work, await this.rescan.execute(work));
      this.metrics.ended(outcome);
      if (outcome === 'missing')
        this.log.error(`version ${versionId} of tenant ${tenantId} is available without an object`);
      else this.log.log(`rescan of version ${versionId} of tenant ${tenantId}: ${outcome}`);
    } catch (error) {
      await this.giveUp(work, lease.signal.aborted ? lease.signal.reason : error, stop);
    } finally {
      lease.end();
    }
  }

  private async giveUp(work: RescanWork, error: unknown, stop: AbortSignal): Promise<void> {
    const { ref, claim } = work;
    if (error instanceof LeaseLost) return this.metrics.ended('lost');
    const { message, retryAfterSec, refund } = whyHandBack(error, work, this.settings, stop);
    this.metrics.ended('back');
    this.log.warn(`rescan of version ${claim.versionId}: handed back: ${message}`);
    try {
      await this.rescans.handBack({ tenantId: ref.tenantId, claim }, retryAfterSec, refund);
    } catch (failure) {
      // PostgreSQL is away: the lease runs out by itself and the rescan is claimed again.
      this.log.warn(`rescan of version ${claim.versionId} could not be handed back: ${String(failure)}`);
    }
  }
}
