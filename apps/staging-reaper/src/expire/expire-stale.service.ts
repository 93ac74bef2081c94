import { SystemStagingRepository } from '@custody/data';
import { currentMeta } from '@custody/observability';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

/** One transaction; meanwhile the tenants concerned cannot begin an upload, so it is kept short. */
const BATCH = 500;

/** Ends what has been pending for too long as rejected (expired); the transition tells the uploader (M22). */
@Injectable()
export class ExpireStale implements ReaperTask {
  readonly name = 'expire';

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const context = { actor: 'system:staging-reaper', ...currentMeta() } as const;
    let batch: number;
    do {
      batch = (await this.staging.expire(context, this.settings.ttlSec, BATCH)).length;
      tally.count('expired', batch);
    } while (batch === BATCH && !signal.aborted);
    return tally;
  }
}
