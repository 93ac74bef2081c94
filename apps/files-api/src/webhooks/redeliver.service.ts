import { WebhookDeliveriesRepository, type StepContext, type WebhookDeliveryRecord } from '@custody/data';
import { CustodyError, type WebhookDeliveryId, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class Redeliver {
  constructor(private readonly deliveries: WebhookDeliveriesRepository) {}

  /** Under the same event id; one that is being sent is left alone. Throws `WEBHOOK_DELIVERY_NOT_FOUND`, `WEBHOOK_DISABLED`. */
  async execute(context: StepContext, webhook: WebhookId, id: WebhookDeliveryId): Promise<WebhookDeliveryRecord> {
    const delivery = await this.deliveries.redeliver(context, webhook, id);
    if (delivery === null) throw new CustodyError('WEBHOOK_DELIVERY_NOT_FOUND');
    return delivery;
  }
}
