import { SystemWebhooksRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import type { Tally } from '../rounds/tally.js';
import { trimInBatches } from '../rounds/trim-in-batches.js';

const BATCH = 1_000;

/** Forgets what webhooks were told long ago, and what deleted webhooks leave behind. */
@Injectable()
export class TrimWebhooks implements ReaperTask {
  readonly name = 'trim-webhooks';

  constructor(
    private readonly webhooks: SystemWebhooksRepository,
    private readonly settings: ReaperSettings,
  ) {}

  execute(signal: AbortSignal): Promise<Tally> {
    return trimInBatches(BATCH, signal, (limit) => this.webhooks.trim(this.settings.webhookKeepSec, limit));
  }
}
