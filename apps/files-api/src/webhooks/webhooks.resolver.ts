import { RequireScopes } from '@custody/auth';
import type { WebhookId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { WebhookIdPipe } from '../requests/id.pipe.js';
import type { PageRequest } from '../requests/page.js';
import { DeleteWebhook } from './delete-webhook.service.js';
import { ListWebhooks } from './list-webhooks.service.js';
import { cursorAfter } from './position.js';
import { ReadWebhook } from './read-webhook.service.js';
import { RegisterWebhook } from './register-webhook.service.js';
import { UpdateWebhook } from './update-webhook.service.js';
import { webhookView } from './webhook-view.js';
import {
  createWebhookSchema,
  updateWebhookSchema,
  type CreateWebhookRequest,
  type UpdateWebhookRequest,
  type WebhookView,
  type WebhookWithSecretView,
} from './webhooks.schema.js';

@Resolver()
@RequireScopes('files:admin')
export class WebhooksResolver {
  constructor(
    private readonly register: RegisterWebhook,
    private readonly list: ListWebhooks,
    private readonly read: ReadWebhook,
    private readonly update: UpdateWebhook,
    private readonly remove: DeleteWebhook,
  ) {}

  @Query()
  async webhook(@CurrentCaller() { context }: Caller, @Args('id', WebhookIdPipe) id: WebhookId): Promise<WebhookView> {
    return webhookView(await this.read.execute(context, id));
  }

  @Query()
  async webhooks(
    @CurrentCaller() { context }: Caller,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<WebhookView>> {
    return connection(await this.list.execute(context, page), page, cursorAfter);
  }

  @Creates()
  @Mutation()
  registerWebhook(
    @CurrentCaller() { context }: Caller,
    @Args('input', new SchemaPipe(createWebhookSchema)) request: CreateWebhookRequest,
  ): Promise<WebhookWithSecretView> {
    return this.register.execute(context, request);
  }

  @Mutation()
  async updateWebhook(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) id: WebhookId,
    @Args('changes', new SchemaPipe(updateWebhookSchema)) changes: UpdateWebhookRequest,
  ): Promise<WebhookView> {
    return webhookView(await this.update.execute(context, id, changes));
  }

  @Mutation()
  async deleteWebhook(
    @CurrentCaller() { context }: Caller,
    @Args('webhookId', WebhookIdPipe) id: WebhookId,
  ): Promise<WebhookId> {
    await this.remove.execute(context, id);
    return id;
  }
}
