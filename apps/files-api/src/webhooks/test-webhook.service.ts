import { randomUUID } from 'node:crypto';
import { toWebhookTest } from '@custody/contracts';
import { WebhookDeliveriesRepository, type StepContext, type WebhookDeliveryRecord } from '@custody/data';
import { CustodyError, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class TestWebhook {
  constructor(private readonly deliveries: WebhookDeliveriesRepository) {}

  /** Sends `webhook.test`, whatever it subscribes to. Throws `WEBHOOK_NOT_FOUND`, `WEBHOOK_DISABLED`. */
  async execute(context: StepContext, id: WebhookId): Promise<WebhookDeliveryRecord> {
    const event = toWebhookTest(randomUUID(), context.tenantId, id, new Date());
    const delivery = await this.deliveries.test(context, id, event);
    if (delivery === null) throw new CustodyError('WEBHOOK_NOT_FOUND');
    return delivery;
  }
}
