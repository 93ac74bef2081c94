import { toJob, type OutboxEvent } from '@custody/contracts';
import { SystemOutboxRepository } from '@custody/data';
import { InvalidMessage, QueueProducer } from '@custody/queues';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 500;
/** A relay that died gives its events back after this long. */
const LEASE_SEC = 30;

/**
 * Publishes what was committed and not published. Dying between publishing and marking publishes again, under the same job id;
 * consumers are idempotent (F20).
 */
@Injectable()
export class RelayOutbox implements ReaperTask {
  readonly name = 'relay';

  constructor(
    private readonly outbox: SystemOutboxRepository,
    private readonly producer: QueueProducer,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    // Without Redis a lease would only keep the events from the relay for longer than the outage lasts.
    await this.producer.ping();
    let events: OutboxEvent[];
    do {
      events = await this.outbox.lease(this.settings.relayAfterSec, LEASE_SEC, BATCH);
      const published = await this.publish(events, tally);
      if (published.length > 0) await this.outbox.markPublished(published);
      tally.count('published', published.length);
    } while (events.length === BATCH && !signal.aborted);
    return tally;
  }

  private async publish(events: readonly OutboxEvent[], tally: Tally): Promise<readonly OutboxEvent[]> {
    if (events.length === 0) return events;
    try {
      await this.producer.publish(events.map(toJob));
      return events;
    } catch (error) {
      if (!(error instanceof InvalidMessage)) throw error;
      return this.publishOneByOne(events, tally);
    }
  }

  /** One event that no consumer could accept must not hold up those behind it. */
  private async publishOneByOne(events: readonly OutboxEvent[], tally: Tally): Promise<OutboxEvent[]> {
    const published: OutboxEvent[] = [];
    for (const event of events) {
      try {
        await this.producer.publish([toJob(event)]);
        published.push(event);
      } catch (error) {
        if (!(error instanceof InvalidMessage)) throw error;
        tally.fail(error);
      }
    }
    return published;
  }
}
