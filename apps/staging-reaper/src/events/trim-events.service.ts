import { SystemFileEventsRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 5_000;

/** Forgets what happened to files long ago. The audit log keeps it. */
@Injectable()
export class TrimEvents implements ReaperTask {
  readonly name = 'trim-events';

  constructor(
    private readonly events: SystemFileEventsRepository,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let trimmed: number;
    do {
      trimmed = await this.events.trim(this.settings.eventsKeepSec, BATCH);
      tally.count('trimmed', trimmed);
    } while (trimmed === BATCH && !signal.aborted);
    return tally;
  }
}
