import type { NotifierConfig } from '@custody/config';
import { DataModule, TenantDatabase } from '@custody/data';
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

@Module({})
export class NotifierModule {
  static forRoot({ runtime, database, redis, notify }: NotifierConfig): DynamicModule {
    return {
      module: NotifierModule,
      imports: [
        DataModule.forRootAsync({
          inject: [],
          useFactory: () => ({ url: database.url, poolMax: database.poolMax, applicationName: runtime.name }),
        }),
        QueuesModule.forRootAsync({ useFactory: () => redis }),
        HealthModule.forRootAsync({
          inject: [TenantDatabase, QueueProducer],
          useFactory: (tenants: TenantDatabase, queues: QueueProducer) => [
            { name: 'postgres', check: () => tenants.ping() },
            { name: 'redis', check: () => queues.ping() },
          ],
        }),
        ObservabilityModule.forRoot({
          name: runtime.name,
          level: runtime.logLevel,
          secrets: [database.url, redis.url, ...(notify.sinkUrl === undefined ? [] : [notify.sinkUrl])],
        }),
      ],
      controllers: [NotificationController],
      providers: [
        { provide: Destinations, useValue: new Destinations(destinationsOf(notify)) },
        { provide: NotifierSettings, useValue: new NotifierSettings(notify.maxAttempts) },
        DeliverEvent,
        DeliveryMetrics,
      ],
    };
  }
}

function destinationsOf({ sinkUrl, timeoutSec }: NotifierConfig['notify']): Destination[] {
  return [new LogDestination(), ...(sinkUrl === undefined ? [] : [new SinkDestination(sinkUrl, timeoutSec)])];
}
