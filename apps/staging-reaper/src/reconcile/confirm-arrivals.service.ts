import { ConfirmUpload } from '@custody/confirm';
import { SystemStagingRepository } from '@custody/data';
import { CustodyError, ERRORS, type VersionRef } from '@custody/domain';
import { currentMeta } from '@custody/observability';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import { forEachAtMost } from '../rounds/for-each-at-most.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 200;
const LEAST_PAUSE_SEC = 1;

/** Confirms uploads whose client never did and whose store event was lost (M3, M23, F7), exactly as the confirm door does. */
@Injectable()
export class ConfirmArrivals implements ReaperTask {
  readonly name = 'confirm-arrivals';

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly confirm: ConfirmUpload,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const { reconcileAfterSec: after, ttlSec } = this.settings;
    let refs: VersionRef[];
    do {
      refs = await this.staging.claimUnconfirmed(after, ttlSec, Math.max(after, LEAST_PAUSE_SEC), BATCH);
      await forEachAtMost(this.settings.concurrency, refs, signal, (ref) => this.look(ref, tally));
    } while (refs.length === BATCH && tally.failed === 0 && !signal.aborted);
    return tally;
  }

  private async look({ tenantId, fileId, versionId }: VersionRef, tally: Tally): Promise<void> {
    try {
      await this.confirm.execute({ tenantId, actor: 'system:reconciler', ...currentMeta() }, fileId, versionId);
      tally.count('confirmed');
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome === 'failed') tally.fail(error);
      else tally.count(outcome);
    }
  }
}

/** `absent`: nothing has arrived yet, or the file is gone. `rejected`: what arrived is not what was announced. */
function outcomeOf(error: unknown): 'absent' | 'rejected' | 'failed' {
  if (!(error instanceof CustodyError)) return 'failed';
  if (error.code === 'UPLOAD_NOT_FOUND' || error.code === 'FILE_NOT_FOUND') return 'absent';
  return ERRORS[error.code].status === 422 ? 'rejected' : 'failed';
}
