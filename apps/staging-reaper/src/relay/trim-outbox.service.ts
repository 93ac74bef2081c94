import { SystemOutboxRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import type { Tally } from '../rounds/tally.js';
import { trimInBatches } from '../rounds/trim-in-batches.js';

const BATCH = 5_000;

/** Forgets events that were delivered long ago. */
@Injectable()
export class TrimOutbox implements ReaperTask {
  readonly name = 'trim-outbox';

  constructor(
    private readonly outbox: SystemOutboxRepository,
    private readonly settings: ReaperSettings,
  ) {}

  execute(signal: AbortSignal): Promise<Tally> {
    return trimInBatches(BATCH, signal, (limit) => this.outbox.trim(this.settings.outboxKeepSec, limit));
  }
}
