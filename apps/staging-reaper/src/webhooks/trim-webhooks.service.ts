import { SystemWebhooksRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 1_000;

/** Forgets what webhooks were told long ago, and what deleted webhooks leave behind. */
@Injectable()
export class TrimWebhooks implements ReaperTask {
  readonly name = 'trim-webhooks';

  constructor(
    private readonly webhooks: SystemWebhooksRepository,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let trimmed: number;
    do {
      trimmed = await this.webhooks.trim(this.settings.webhookKeepSec, BATCH);
      tally.count('trimmed', trimmed);
    } while (trimmed === BATCH && !signal.aborted);
    return tally;
  }
}
