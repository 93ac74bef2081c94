import { WebhooksRepository, type StepContext } from '@custody/data';
import { CustodyError, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class DeleteWebhook {
  constructor(private readonly webhooks: WebhooksRepository) {}

  /** With its log. Throws `WEBHOOK_NOT_FOUND`. */
  async execute(context: StepContext, id: WebhookId): Promise<void> {
    if (!(await this.webhooks.delete(context, id))) throw new CustodyError('WEBHOOK_NOT_FOUND');
  }
}
