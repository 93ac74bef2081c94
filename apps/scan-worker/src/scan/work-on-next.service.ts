import { Injectable, Logger } from '@nestjs/common';
import { SystemScanQueueRepository, VersionsRepository } from '@custody/data';
import { LeaseLost, type HandBack } from './interruption.js';
import { Lease } from './lease.js';
import { ProcessClaim, type Outcome } from './process-claim.service.js';
import { ScanMetrics } from './scan-metrics.js';
import { ScanSettings } from './scan-settings.js';
import { whyHandBack } from './why-hand-back.js';
import { ScanProgress, WORKER, workOn, type Work } from './work.js';

/** `idle`: nothing could be claimed. `lost`: another worker took over. `back`: the version waits for another try. */
export type Turn =
  | { readonly kind: 'idle' | 'lost' }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  | { readonly kind: 'back'; readonly reason: string; readonly retryAfterSec: number };

/** One claim, from taking it to giving it up, whatever happens between. */
@Injectable()
export class WorkOnNext {
  private readonly log = new Logger(WorkOnNext.name);
  private readonly running = new Set<Promise<Turn>>();

  constructor(
    private readonly queue: SystemScanQueueRepository,
    private readonly versions: VersionsRepository,
    private readonly process: ProcessClaim,
    private readonly metrics: ScanMetrics,
    private readonly settings: ScanSettings,
  ) {}

  /** @param stop aborts when the process has to end; the claim is then handed back at once. */
  execute(stop: AbortSignal): Promise<Turn> {
    const turn = this.take(stop).finally(() => this.running.delete(turn));
    this.running.add(turn);
    return turn;
  }

  /** Resolves when every claim of this process is finished or handed back. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  private async take(stop: AbortSignal): Promise<Turn> {
    const version = await this.queue.claim({ actor: WORKER }, this.settings);
    if (version === null) return { kind: 'idle' };
    const { tenantId, id: versionId, epoch } = version;
    const progress = new ScanProgress(version.size ?? 0);
    const { leaseSec } = this.settings;
    const lease = new Lease(
      () => this.versions.renewLease({ tenantId, actor: WORKER }, { versionId, epoch }, leaseSec, progress.reach),
      leaseSec,
    );
    const work = workOn(version, progress, AbortSignal.any([stop, lease.signal]));
    const ended = this.metrics.begin(version);
    try {
      const outcome = await this.process.execute(work);
      ended(outcome);
      this.log.log(`version ${versionId} of tenant ${tenantId}: ${outcome}`);
      return { kind: 'done', outcome };
    } catch (error) {
      const turn = await this.giveUp(work, lease.signal.aborted ? lease.signal.reason : error, stop);
      ended(turn.kind);
      return turn;
    } finally {
      lease.end();
    }
  }

  private async giveUp(work: Work, error: unknown, stop: AbortSignal): Promise<Turn> {
    const { tenantId, id } = work.version;
    if (error instanceof LeaseLost) {
      this.log.warn(`version ${id} of tenant ${tenantId}: lost to another worker`);
      return { kind: 'lost' };
    }
    const why = whyHandBack(error, work, this.settings, stop);
    this.log.warn(`version ${id} of tenant ${tenantId}: no verdict, handed back: ${why.message}`);
    return this.handBack(work, why);
  }

  private async handBack({ context, claim }: Work, { message, refund, retryAfterSec }: HandBack): Promise<Turn> {
    try {
      await this.versions.handBack(context, claim, retryAfterSec, refund);
    } catch (error) {
      // PostgreSQL is away: the lease runs out by itself and the version is claimed again.
      this.log.warn(`version ${claim.versionId} could not be handed back: ${String(error)}`);
    }
    return { kind: 'back', reason: message, retryAfterSec };
  }
}
