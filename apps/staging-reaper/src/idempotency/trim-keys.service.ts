import { SystemIdempotencyKeysRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 5_000;

/** Forgets Idempotency-Keys whose time is over. */
@Injectable()
export class TrimKeys implements ReaperTask {
  readonly name = 'trim-idempotency-keys';

  constructor(private readonly keys: SystemIdempotencyKeysRepository) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let trimmed: number;
    do {
      trimmed = await this.keys.trim(BATCH);
      tally.count('trimmed', trimmed);
    } while (trimmed === BATCH && !signal.aborted);
    return tally;
  }
}
