import type { CloudEvent } from '@custody/contracts';
import { WebhookDeliveriesRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import type { Destination } from '../destinations/destination.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';

/** Queues an event for the tenant's webhooks, which are then told each on its own: none of them keeps the event from the others. */
@Injectable()
export class WebhooksDestination implements Destination {
  readonly name = 'webhooks';

  constructor(
    private readonly deliveries: WebhookDeliveriesRepository,
    private readonly dispatcher: WebhookDispatcher,
  ) {}

  async deliver(event: CloudEvent): Promise<void> {
    if ((await this.deliveries.enqueue(event)) > 0) this.dispatcher.wake();
  }
}
