import type { FilesApiConfig } from '@custody/config';
import { isOnce, WebhooksRepository, type StepContext } from '@custody/data';
import { CustodyError, newId, type WebhookId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { CheckWebhookUrl } from './check-webhook-url.service.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { webhookView } from './webhook-view.js';
import type { CreateWebhookRequest, WebhookWithSecretView } from './webhooks.schema.js';

@Injectable()
export class RegisterWebhook {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly checkUrl: CheckWebhookUrl,
    private readonly secrets: WebhookSecrets,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `WEBHOOK_URL_NOT_ALLOWED`, `WEBHOOK_LIMIT_EXCEEDED`; `WEBHOOK_NOT_FOUND` for a key whose webhook was deleted. */
  async execute(context: StepContext, request: CreateWebhookRequest): Promise<WebhookWithSecretView> {
    const settings = {
      ...request,
      url: await this.checkUrl.execute(request.url),
      description: request.description ?? null,
    };
    const id = newId<WebhookId>();
    const { secret, sealed } = this.secrets.fresh(context, id);
    const { maxPerTenant } = this.config.webhooks;
    if (isOnce(context)) {
      const made = await this.webhooks.createOnce(context, id, settings, sealed, maxPerTenant);
      // Deleted since it was made: there is no secret to tell again.
      if (!made.secret) throw new CustodyError('WEBHOOK_NOT_FOUND');
      return { ...webhookView(made), secret: this.secrets.open(context, made.id, made.secret) };
    }
    const webhook = await this.webhooks.create(context, id, settings, sealed, maxPerTenant);
    return { ...webhookView(webhook), secret };
  }
}
