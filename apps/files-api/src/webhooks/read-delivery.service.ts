import { WebhookDeliveriesRepository, type StepContext, type WebhookDeliveryRecord } from '@custody/data';
import { CustodyError, type WebhookDeliveryId, type WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadDelivery {
  constructor(private readonly deliveries: WebhookDeliveriesRepository) {}

  /** Throws `WEBHOOK_DELIVERY_NOT_FOUND`, for a webhook that is not there too. */
  async execute(context: StepContext, webhook: WebhookId, id: WebhookDeliveryId): Promise<WebhookDeliveryRecord> {
    const delivery = await this.deliveries.find(context, webhook, id);
    if (delivery === null) throw new CustodyError('WEBHOOK_DELIVERY_NOT_FOUND');
    return delivery;
  }
}
