import { WebhooksRepository, type StepContext, type WebhookRecord } from '@custody/data';
import { CustodyError, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadWebhook {
  constructor(private readonly webhooks: WebhooksRepository) {}

  /** Throws `WEBHOOK_NOT_FOUND`. */
  async execute(context: StepContext, id: WebhookId): Promise<WebhookRecord> {
    const webhook = await this.webhooks.find(context, id);
    if (webhook === null) throw new CustodyError('WEBHOOK_NOT_FOUND');
    return webhook;
  }
}
