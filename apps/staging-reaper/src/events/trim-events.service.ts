import { SystemFileEventsRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import type { Tally } from '../rounds/tally.js';
import { trimInBatches } from '../rounds/trim-in-batches.js';

const BATCH = 5_000;

/** Forgets what happened to files long ago. The audit log keeps it. */
@Injectable()
export class TrimEvents implements ReaperTask {
  readonly name = 'trim-events';

  constructor(
    private readonly events: SystemFileEventsRepository,
    private readonly settings: ReaperSettings,
  ) {}

  execute(signal: AbortSignal): Promise<Tally> {
    return trimInBatches(BATCH, signal, (limit) => this.events.trim(this.settings.eventsKeepSec, limit));
  }
}
