import { WebhooksRepository, type StepContext, type WebhookRecord } from '@custody/data';
import { CustodyError, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { CheckWebhookUrl } from './check-webhook-url.service.js';
import type { UpdateWebhookRequest } from './webhooks.schema.js';

@Injectable()
export class UpdateWebhook {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly checkUrl: CheckWebhookUrl,
  ) {}

  /** Throws `WEBHOOK_URL_NOT_ALLOWED`, `WEBHOOK_NOT_FOUND`. */
  async execute(context: StepContext, id: WebhookId, request: UpdateWebhookRequest): Promise<WebhookRecord> {
    const { url, events, description, enabled } = request;
    const webhook = await this.webhooks.update(context, id, {
      ...(url === undefined ? {} : { url: await this.checkUrl.execute(url) }),
      ...(events === undefined ? {} : { events }),
      ...(description === undefined ? {} : { description }),
      ...(enabled === undefined ? {} : { enabled }),
    });
    if (webhook === null) throw new CustodyError('WEBHOOK_NOT_FOUND');
    return webhook;
  }
}
