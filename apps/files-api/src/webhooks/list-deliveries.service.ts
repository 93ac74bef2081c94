import { WebhookDeliveriesRepository, type StepContext } from '@custody/data';
import type { WebhookId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { pageOf, positionIn, type Page } from '../requests/page.js';
import { positionOf, positionSchema } from './position.js';
import { ReadWebhook } from './read-webhook.service.js';
import { deliveryView } from './webhook-view.js';
import type { DeliveryView, ListDeliveriesRequest } from './webhooks.schema.js';

@Injectable()
export class ListDeliveries {
  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly readWebhook: ReadWebhook,
  ) {}

  /** Newest first. Throws `WEBHOOK_NOT_FOUND`, and `validation-error` for a foreign cursor. */
  async execute(
    context: StepContext,
    id: WebhookId,
    { limit, cursor, status }: ListDeliveriesRequest,
  ): Promise<Page<DeliveryView>> {
    const before = positionIn(positionSchema, cursor);
    await this.readWebhook.execute(context, id);
    const rows = await this.deliveries.list(context, id, status ?? null, before, limit + 1);
    return pageOf(rows, limit, positionOf, deliveryView);
  }
}
