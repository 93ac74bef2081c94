import type { NotifierConfig } from '@custody/config';
import { DataModule, SystemDatabase, SystemDataModule, TenantDatabase } from '@custody/data';
import { HealthModule, ObservabilityModule } from '@custody/observability';
import { QueueProducer, QueuesModule } from '@custody/queues';
import { Module, type DynamicModule } from '@nestjs/common';
import { Destinations, type Destination } from './destinations/destination.js';
import { LogDestination } from './destinations/log-destination.js';
import { SinkDestination } from './destinations/sink-destination.js';
import { DeliverEvent } from './notifications/deliver-event.service.js';
import { DeliveryMetrics } from './notifications/delivery-metrics.js';
import { NotificationController } from './notifications/notification.controller.js';
import { NotifierSettings } from './notifier-settings.js';
import { WebhooksDestination } from './webhooks/webhooks-destination.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class NotifierModule {
  static forRoot(config: NotifierConfig): DynamicModule {
    const { runtime, database, redis, notify } = config;
    const connection = { poolMax: database.poolMax, applicationName: runtime.name };
    return {
      module: NotifierModule,
      imports: [
        DataModule.forRootAsync({ inject: [], useFactory: () => ({ ...connection, url: database.url }) }),
        SystemDataModule.forRootAsync({ inject: [], useFactory: () => ({ ...connection, url: database.systemUrl }) }),
        QueuesModule.forRootAsync({ useFactory: () => redis }),
        HealthModule.forRootAsync({
          inject: [TenantDatabase, SystemDatabase, QueueProducer],
          useFactory: (tenants: TenantDatabase, system: SystemDatabase, queues: QueueProducer) => [
            { name: 'postgres', check: () => Promise.all([tenants.ping(), system.ping()]) },
            { name: 'redis', check: () => queues.ping() },
          ],
        }),
        ObservabilityModule.forRoot({
          name: runtime.name,
          level: runtime.logLevel,
          secrets: secretsOf(config),
        }),
        WebhooksModule.forRoot(config),
      ],
      controllers: [NotificationController],
      providers: [
        {
          provide: Destinations,
          inject: [WebhooksDestination],
          useFactory: (webhooks: WebhooksDestination) => new Destinations(destinationsOf(notify, webhooks)),
        },
        { provide: NotifierSettings, useValue: new NotifierSettings(notify.maxAttempts) },
        DeliverEvent,
        DeliveryMetrics,
      ],
    };
  }
}

function destinationsOf(
  { sinkUrl, timeoutSec }: NotifierConfig['notify'],
  webhooks: WebhooksDestination,
): Destination[] {
  const sink = sinkUrl === undefined ? [] : [new SinkDestination(sinkUrl, timeoutSec)];
  return [new LogDestination(), webhooks, ...sink];
}

/** What a log record must never show. */
function secretsOf({ database, redis, notify, webhooks }: NotifierConfig): string[] {
  return [database.url, database.systemUrl, redis.url, notify.sinkUrl ?? '', ...webhooks.secretsKeys.split(',')];
}
