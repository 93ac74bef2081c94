import { SystemRescansRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import type { Tally } from '../rounds/tally.js';
import { trimInBatches } from '../rounds/trim-in-batches.js';

const BATCH = 5_000;

/** Forgets verdicts that rescans replaced long ago; the one that let a version through stays. */
@Injectable()
export class TrimVerdicts implements ReaperTask {
  readonly name = 'trim-verdicts';

  constructor(
    private readonly rescans: SystemRescansRepository,
    private readonly settings: ReaperSettings,
  ) {}

  execute(signal: AbortSignal): Promise<Tally> {
    return trimInBatches(BATCH, signal, (limit) => this.rescans.trimVerdicts(this.settings.verdictsKeepSec, limit));
  }
}
