import { RequireScopes } from '@custody/auth';
import type { WebhookDeliveryId, WebhookId } from '@custody/domain';
import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { WebhookDeliveryIdPipe, WebhookIdPipe } from '../requests/id.pipe.js';
import type { Page } from '../requests/page.js';
import { ListDeliveries } from './list-deliveries.service.js';
import { ReadDelivery } from './read-delivery.service.js';
import { Redeliver } from './redeliver.service.js';
import { RotateSecret } from './rotate-secret.service.js';
import { TestWebhook } from './test-webhook.service.js';
import { deliveryDetailView, deliveryView } from './webhook-view.js';
import {
  listDeliveriesSchema,
  rotateSecretSchema,
  type DeliveryDetailView,
  type DeliveryView,
  type ListDeliveriesRequest,
  type RotateSecretRequest,
  type WebhookWithSecretView,
} from './webhooks.schema.js';

/** What is done with one webhook: its secret, a test, its deliveries. */
@Controller('v1/webhooks/:webhookId')
@RequireScopes('files:admin')
export class WebhookDeliveriesController {
  constructor(
    private readonly rotateSecret: RotateSecret,
    private readonly testWebhook: TestWebhook,
    private readonly listDeliveries: ListDeliveries,
    private readonly readDelivery: ReadDelivery,
    private readonly redeliver: Redeliver,
  ) {}

  @Post('rotate-secret')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  rotate(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) id: WebhookId,
    @Body({ schema: rotateSecretSchema }) request: RotateSecretRequest,
  ): Promise<WebhookWithSecretView> {
    return this.rotateSecret.execute(context, id, request);
  }

  @Post('test')
  @HttpCode(202)
  async test(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) id: WebhookId,
  ): Promise<DeliveryView> {
    return deliveryView(await this.testWebhook.execute(context, id));
  }

  @Get('deliveries')
  list(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) id: WebhookId,
    @Query({ schema: listDeliveriesSchema }) request: ListDeliveriesRequest,
  ): Promise<Page<DeliveryView>> {
    return this.listDeliveries.execute(context, id, request);
  }

  @Get('deliveries/:deliveryId')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) webhook: WebhookId,
    @Param('deliveryId', WebhookDeliveryIdPipe) id: WebhookDeliveryId,
  ): Promise<DeliveryDetailView> {
    return deliveryDetailView(await this.readDelivery.execute(context, webhook, id));
  }

  @Post('deliveries/:deliveryId/redeliver')
  @HttpCode(202)
  async again(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) webhook: WebhookId,
    @Param('deliveryId', WebhookDeliveryIdPipe) id: WebhookDeliveryId,
  ): Promise<DeliveryView> {
    return deliveryView(await this.redeliver.execute(context, webhook, id));
  }
}
