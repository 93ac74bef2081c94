import { WebhooksRepository, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { pageOf, positionIn, type Page, type PageRequest } from '../requests/page.js';
import { positionOf, positionSchema } from './position.js';
import { webhookView } from './webhook-view.js';
import type { WebhookView } from './webhooks.schema.js';

@Injectable()
export class ListWebhooks {
  constructor(private readonly webhooks: WebhooksRepository) {}

  /** In the order they were made. Throws `validation-error` for a foreign cursor. */
  async execute(context: StepContext, { limit, cursor }: PageRequest): Promise<Page<WebhookView>> {
    const rows = await this.webhooks.list(context, positionIn(positionSchema, cursor), limit + 1);
    return pageOf(rows, limit, positionOf, webhookView);
  }
}
