import type { FilesApiConfig } from '@custody/config';
import { WebhooksRepository, type StepContext } from '@custody/data';
import { CustodyError, type WebhookId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { webhookView } from './webhook-view.js';
import type { RotateSecretRequest, WebhookWithSecretView } from './webhooks.schema.js';

@Injectable()
export class RotateSecret {
  constructor(
    private readonly webhooks: WebhooksRepository,
    private readonly secrets: WebhookSecrets,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Both secrets sign during the grace; a third rotation within it ends the oldest. Throws `WEBHOOK_NOT_FOUND`. */
  async execute(
    context: StepContext,
    id: WebhookId,
    { graceSec = this.config.webhooks.secretGraceHours * 3_600 }: RotateSecretRequest,
  ): Promise<WebhookWithSecretView> {
    const { secret, sealed } = this.secrets.fresh(context, id);
    const webhook = await this.webhooks.rotateSecret(context, id, sealed, graceSec);
    if (webhook === null) throw new CustodyError('WEBHOOK_NOT_FOUND');
    return { ...webhookView(webhook), secret };
  }
}
