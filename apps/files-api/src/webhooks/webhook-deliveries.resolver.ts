import { RequireScopes } from '@custody/auth';
import type { WebhookDeliveryId, WebhookId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { WebhookDeliveryIdPipe, WebhookIdPipe } from '../requests/id.pipe.js';
import type { PageRequest } from '../requests/page.js';
import { ListDeliveries } from './list-deliveries.service.js';
import { cursorAfter } from './position.js';
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

const statusSchema = listDeliveriesSchema.pick({ status: true });

@Resolver()
@RequireScopes('files:admin')
export class WebhookDeliveriesResolver {
  constructor(
    private readonly rotate: RotateSecret,
    private readonly test: TestWebhook,
    private readonly list: ListDeliveries,
    private readonly read: ReadDelivery,
    private readonly redeliver: Redeliver,
  ) {}

  @Query()
  async webhookDeliveries(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) id: WebhookId,
    @Args(new SchemaPipe(statusSchema)) { status }: Pick<ListDeliveriesRequest, 'status'>,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<DeliveryView>> {
    return connection(await this.list.execute(context, id, { ...page, status }), page, cursorAfter);
  }

  @Query()
  async webhookDelivery(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) webhook: WebhookId,
    @Args('deliveryId', WebhookDeliveryIdPipe) id: WebhookDeliveryId,
  ): Promise<DeliveryDetailView> {
    return deliveryDetailView(await this.read.execute(context, webhook, id));
  }

  @Mutation()
  rotateWebhookSecret(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) id: WebhookId,
    @Args(new SchemaPipe(rotateSecretSchema)) request: RotateSecretRequest,
  ): Promise<WebhookWithSecretView> {
    return this.rotate.execute(context, id, request);
  }

  @Mutation()
  async testWebhook(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) id: WebhookId,
  ): Promise<DeliveryView> {
    return deliveryView(await this.test.execute(context, id));
  }

  @Mutation()
  async redeliverWebhook(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) webhook: WebhookId,
    @Args('deliveryId', WebhookDeliveryIdPipe) id: WebhookDeliveryId,
  ): Promise<DeliveryView> {
    return deliveryView(await this.redeliver.execute(context, webhook, id));
  }
}
