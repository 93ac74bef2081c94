import { SystemOutboxRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 5_000;

/** Forgets events that were delivered long ago. */
@Injectable()
export class TrimOutbox implements ReaperTask {
  readonly name = 'trim-outbox';

  constructor(
    private readonly outbox: SystemOutboxRepository,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let trimmed: number;
    do {
      trimmed = await this.outbox.trim(this.settings.outboxKeepSec, BATCH);
      tally.count('trimmed', trimmed);
    } while (trimmed === BATCH && !signal.aborted);
    return tally;
  }
}
