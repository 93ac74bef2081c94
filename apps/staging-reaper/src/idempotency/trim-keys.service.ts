import { SystemIdempotencyKeysRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import type { ReaperTask } from '../rounds/reaper-task.js';
import type { Tally } from '../rounds/tally.js';
import { trimInBatches } from '../rounds/trim-in-batches.js';

const BATCH = 5_000;

/** Forgets Idempotency-Keys whose time is over. */
@Injectable()
export class TrimKeys implements ReaperTask {
  readonly name = 'trim-idempotency-keys';

  constructor(private readonly keys: SystemIdempotencyKeysRepository) {}

  execute(signal: AbortSignal): Promise<Tally> {
    return trimInBatches(BATCH, signal, (limit) => this.keys.trim(limit));
  }
}
