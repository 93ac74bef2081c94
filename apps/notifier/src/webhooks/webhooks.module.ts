import type { NotifierConfig } from '@custody/config';
import { NameServers, SecretBox, TargetPolicy } from '@custody/webhooks';
import { Module, type DynamicModule } from '@nestjs/common';
import { DeliverWebhook } from './deliver-webhook.service.js';
import { WebhookDispatcher } from './webhook-dispatcher.service.js';
import { WebhookMetrics } from './webhook-metrics.js';
import { WebhookSender } from './webhook-sender.js';
import { WebhookSettings } from './webhook-settings.js';
import { WebhooksDestination } from './webhooks-destination.js';

@Module({})
export class WebhooksModule {
  static forRoot(config: NotifierConfig): DynamicModule {
    const { webhooks } = config;
    return {
      module: WebhooksModule,
      providers: [
        { provide: WebhookSettings, useValue: new WebhookSettings(config) },
        { provide: SecretBox, useValue: new SecretBox(webhooks.secretsKeys.split(',')) },
        { provide: TargetPolicy, useValue: new TargetPolicy(webhooks, new NameServers(webhooks.dnsServers)) },
        DeliverWebhook,
        WebhookDispatcher,
        WebhookMetrics,
        WebhookSender,
        WebhooksDestination,
      ],
      exports: [WebhooksDestination],
    };
  }
}
