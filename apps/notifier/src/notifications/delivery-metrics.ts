import { Metrics } from '@custody/observability';
import { QueueProducer } from '@custody/queues';
import { Injectable } from '@nestjs/common';

/** `repeated`: it had been delivered before and was not sent again. */
export type DeliveryOutcome = 'delivered' | 'failed' | 'repeated';

@Injectable()
export class DeliveryMetrics {
  private readonly deliveries;

  constructor(metrics: Metrics, queues: QueueProducer) {
    this.deliveries = metrics.counter({
      name: 'custody_deliveries_total',
      help: 'Attempts to tell a destination about an event',
      labels: ['destination', 'outcome'],
    });
    metrics.measured(
      {
        name: 'custody_notify_waiting_count',
        help: 'Events on the notify queue, those that wait for another try included',
      },
      async () => {
        const { waiting, delayed, prioritized } = await queues.depth('notify');
        return waiting + delayed + prioritized;
      },
    );
    metrics.measured(
      { name: 'custody_notify_failed_count', help: 'Events in the failed set of the notify queue' },
      async () => (await queues.depth('notify')).failed,
    );
  }

  count(destination: string, outcome: DeliveryOutcome): void {
    this.deliveries.inc({ destination, outcome });
  }
}
