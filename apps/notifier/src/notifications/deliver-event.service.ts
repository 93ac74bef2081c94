import type { CloudEvent } from '@custody/contracts';
import { DeliveriesRepository } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { Destinations, type Destination } from '../destinations/destination.js';
import { DeliveryMetrics } from './delivery-metrics.js';

/**
 * Tells every destination about an event, at least once and always under the same id (M45). A destination that has it is not told
 * again; one that fails does not keep the event from the others.
 */
@Injectable()
export class DeliverEvent {
  constructor(
    private readonly deliveries: DeliveriesRepository,
    private readonly destinations: Destinations,
    private readonly metrics: DeliveryMetrics,
  ) {}

  /** Rejects with the first failure when some destination does not have the event yet. */
  async execute(event: CloudEvent, signal: AbortSignal): Promise<void> {
    const open = await this.begin(event);
    const failures: unknown[] = [];
    for (const destination of open) {
      try {
        await this.deliver(event, destination, signal);
      } catch (error) {
        signal.throwIfAborted();
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    await this.deliveries.complete(event);
  }

  /** All are registered before the first is told, so that none is forgotten should this process end in between. */
  private async begin(event: CloudEvent): Promise<Destination[]> {
    const open: Destination[] = [];
    for (const destination of this.destinations.all) {
      const { deliveredAt } = await this.deliveries.begin(event, destination.name);
      if (deliveredAt === null) open.push(destination);
      else this.metrics.count(destination.name, 'repeated');
    }
    return open;
  }

  private async deliver(event: CloudEvent, destination: Destination, signal: AbortSignal): Promise<void> {
    try {
      await destination.deliver(event, signal);
    } catch (error) {
      // The process is stopping: no attempt of the receiver's failed.
      signal.throwIfAborted();
      this.metrics.count(destination.name, 'failed');
      await this.deliveries.end(event, destination.name, error instanceof Error ? error.message : String(error));
      throw error;
    }
    await this.deliveries.end(event, destination.name, null);
    this.metrics.count(destination.name, 'delivered');
  }
}
