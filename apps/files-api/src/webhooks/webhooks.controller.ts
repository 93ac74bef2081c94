import { RequireScopes } from '@custody/auth';
import type { WebhookId } from '@custody/domain';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { WebhookIdPipe } from '../requests/id.pipe.js';
import { pageRequestSchema, type Page, type PageRequest } from '../requests/page.js';
import { DeleteWebhook } from './delete-webhook.service.js';
import { ListWebhooks } from './list-webhooks.service.js';
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

@Controller('v1/webhooks')
@RequireScopes('files:admin')
export class WebhooksController {
  constructor(
    private readonly registerWebhook: RegisterWebhook,
    private readonly listWebhooks: ListWebhooks,
    private readonly readWebhook: ReadWebhook,
    private readonly updateWebhook: UpdateWebhook,
    private readonly deleteWebhook: DeleteWebhook,
  ) {}

  @Creates()
  @Post()
  @Header('cache-control', 'no-store')
  register(
    @CurrentCaller() { context }: Caller,
    @Body({ schema: createWebhookSchema }) request: CreateWebhookRequest,
  ): Promise<WebhookWithSecretView> {
    return this.registerWebhook.execute(context, request);
  }

  @Get()
  list(
    @CurrentCaller() { context }: Caller,
    @Query({ schema: pageRequestSchema }) page: PageRequest,
  ): Promise<Page<WebhookView>> {
    return this.listWebhooks.execute(context, page);
  }

  @Get(':webhookId')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) id: WebhookId,
  ): Promise<WebhookView> {
    return webhookView(await this.readWebhook.execute(context, id));
  }

  @Patch(':webhookId')
  async update(
    @CurrentCaller() { context }: Caller,
    @Param('webhookId', WebhookIdPipe) id: WebhookId,
    @Body({ schema: updateWebhookSchema }) request: UpdateWebhookRequest,
  ): Promise<WebhookView> {
    return webhookView(await this.updateWebhook.execute(context, id, request));
  }

  @Delete(':webhookId')
  @HttpCode(204)
  async delete(@CurrentCaller() { context }: Caller, @Param('webhookId', WebhookIdPipe) id: WebhookId): Promise<void> {
    await this.deleteWebhook.execute(context, id);
  }
}
