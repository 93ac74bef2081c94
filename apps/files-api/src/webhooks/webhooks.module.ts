import type { FilesApiConfig } from '@custody/config';
import { NameServers, SecretBox, TargetPolicy } from '@custody/webhooks';
import { Module } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { CheckWebhookUrl } from './check-webhook-url.service.js';
import { DeleteWebhook } from './delete-webhook.service.js';
import { ListDeliveries } from './list-deliveries.service.js';
import { ListWebhooks } from './list-webhooks.service.js';
import { ReadDelivery } from './read-delivery.service.js';
import { ReadWebhook } from './read-webhook.service.js';
import { Redeliver } from './redeliver.service.js';
import { RegisterWebhook } from './register-webhook.service.js';
import { RotateSecret } from './rotate-secret.service.js';
import { TestWebhook } from './test-webhook.service.js';
import { UpdateWebhook } from './update-webhook.service.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveriesResolver } from './webhook-deliveries.resolver.js';
import { WebhookSecrets } from './webhook-secrets.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksResolver } from './webhooks.resolver.js';

@Module({
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [
    {
      provide: TargetPolicy,
      inject: [CONFIG],
      useFactory: ({ webhooks }: FilesApiConfig) => new TargetPolicy(webhooks, new NameServers(webhooks.dnsServers)),
    },
    {
      provide: SecretBox,
      inject: [CONFIG],
      useFactory: ({ webhooks }: FilesApiConfig) => new SecretBox(webhooks.secretsKeys.split(',')),
    },
    CheckWebhookUrl,
    DeleteWebhook,
    ListDeliveries,
    ListWebhooks,
    ReadDelivery,
    ReadWebhook,
    Redeliver,
    RegisterWebhook,
    RotateSecret,
    TestWebhook,
    UpdateWebhook,
    WebhookDeliveriesResolver,
    WebhookSecrets,
    WebhooksResolver,
  ],
})
export class WebhooksModule {}
