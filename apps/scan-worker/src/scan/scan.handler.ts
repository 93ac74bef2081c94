import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { ScanPayload } from '@custody/contracts';
import { UploadsRepository } from '@custody/data';
import { asId, type FileId, type TenantId, type VersionId } from '@custody/domain';
import { JobContext, JobHandler, WaitAndRetry } from '@custody/queues';
import { ScanGate } from './scan-gate.service.js';
import { isOutage } from './why-hand-back.js';
import { ScanSettings } from './scan-settings.js';
import { WorkOnNext } from './work-on-next.service.js';
import { WORKER } from './work.js';

/** PostgreSQL's clock and ours may differ a little: a wake-up must not come before the row can be claimed. */
const MARGIN_SEC = 1;
const LONGEST_WATCH_SEC = 15;

/**
 * A job is a wake-up, not an order: it makes this worker claim one version, the next in line (ADR 0005). A wake-up that
 * finds nothing stays until the version it was made for has ended, so that as many wake-ups live as there are versions
 * to scan, even after a worker died with a claim.
 */
@Controller()
export class ScanHandler {
  constructor(
    private readonly gate: ScanGate,
    private readonly work: WorkOnNext,
    private readonly uploads: UploadsRepository,
    private readonly settings: ScanSettings,
  ) {}

  @JobHandler('scan.v1')
  async scan(@Payload() payload: ScanPayload, @Ctx() job: JobContext): Promise<void> {
    const { signal } = job.run;
    await this.gate.pass(signal);
    try {
      await this.wake(payload, signal);
    } catch (error) {
      // PostgreSQL is away: that must not use up the attempts of a wake-up.
      if (isOutage(error)) throw new WaitAndRetry(this.settings.outageRetrySec * 1_000, error.message);
      throw error;
    }
  }

  private async wake(payload: ScanPayload, signal: AbortSignal): Promise<void> {
    const turn = await this.work.execute(signal);
    switch (turn.kind) {
      case 'done':
        return;
      case 'back':
        this.gate.doubt();
        throw new WaitAndRetry((turn.retryAfterSec + MARGIN_SEC) * 1_000, turn.reason);
      case 'idle':
      case 'lost':
        return this.watch(payload);
    }
  }

  private async watch({ tenantId, fileId, versionId }: ScanPayload): Promise<void> {
    const context = { tenantId: asId<TenantId>(tenantId), actor: WORKER } as const;
    const version = await this.uploads.find(context, asId<FileId>(fileId), asId<VersionId>(versionId));
    if (version === null || !IN_WORK.has(version.state)) return;
    const seconds = Math.min(this.settings.leaseSec / 2, LONGEST_WATCH_SEC) + MARGIN_SEC;
    throw new WaitAndRetry(seconds * 1_000, `version ${versionId} is ${version.state} in other hands`);
  }
}

const IN_WORK: ReadonlySet<string> = new Set(['uploaded', 'scanning', 'clean']);
