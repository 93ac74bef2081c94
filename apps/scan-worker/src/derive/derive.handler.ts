import type { DerivePayload } from '@custody/contracts';
import type { DerivationRecord } from '@custody/data';
import { asId, CustodyError, type FileId, type TenantId, type VersionId } from '@custody/domain';
import { currentMeta } from '@custody/observability';
import { JobContext, JobHandler, WaitAndRetry } from '@custody/queues';
import { ObjectStoreError } from '@custody/storage';
import { Controller, Logger } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { WORKER } from '../scan/work.js';
import { DeriveVersion } from './derive-version.service.js';

const OUTAGE_MS = 10_000;

/** A rendering that died may have been the machine's fault: it is tried again before it counts. */
class RenderingDied extends Error {
  override readonly name = 'RenderingDied';
}

@Controller()
export class DeriveHandler {
  private readonly log = new Logger(DeriveHandler.name);

  constructor(private readonly deriveVersion: DeriveVersion) {}

  @JobHandler('derive.v1')
  async derive(@Payload() payload: DerivePayload, @Ctx() { run }: JobContext): Promise<void> {
    const ref = {
      tenantId: asId<TenantId>(payload.tenantId),
      fileId: asId<FileId>(payload.fileId),
      versionId: asId<VersionId>(payload.versionId),
    };
    const context = { tenantId: ref.tenantId, actor: WORKER, ...currentMeta() } as const;
    const isLast = run.failedRuns + 1 >= run.attempts;
    const died = (reason: string): DerivationRecord => {
      if (!isLast) throw new RenderingDied(reason);
      return { status: 'failed', reason, width: null, height: null, pageCount: null, thumbnails: [] };
    };
    try {
      const record = await this.deriveVersion.execute(context, ref, died, run.signal);
      this.log.log(`version ${ref.versionId}: derived data ${record?.reason ?? record?.status ?? 'not needed'}`);
    } catch (error) {
      if (isOutage(error)) throw new WaitAndRetry(OUTAGE_MS, error.message);
      // Our own fault: clients are not left waiting for it, and the job stays in the failed set to be run again.
      if (isLast && !run.signal.aborted) await this.deriveVersion.giveUp(context, ref);
      throw error;
    }
  }
}

/** Waiting for the store or the database burns no attempt. */
function isOutage(error: unknown): error is Error {
  if (error instanceof ObjectStoreError) return error.retryable;
  return error instanceof CustodyError && error.code === 'SERVICE_UNAVAILABLE';
}
