import { toJob, type OutboxEvent } from '@custody/contracts';
import { SystemOutboxRepository } from '@custody/data';
import { QueueProducer } from '@custody/queues';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 200;
const LEAST_PAUSE_SEC = 5;

/**
 * Publishes again what reached the queue and then nobody: Redis lost it (F4), or its attempts were used up while the receiver was
 * away. A job that still waits, runs or is retried keeps its place: the id is the event's.
 */
@Injectable()
export class RedeliverEvents implements ReaperTask {
  readonly name = 'redeliver';

  constructor(
    private readonly outbox: SystemOutboxRepository,
    private readonly producer: QueueProducer,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const after = this.settings.redeliverAfterSec;
    await this.producer.ping();
    let events: OutboxEvent[];
    do {
      events = await this.outbox.claimUndelivered(after, Math.max(after, LEAST_PAUSE_SEC), BATCH);
      if (events.length > 0) await this.producer.republish(events.map(toJob));
      tally.count('republished', events.length);
    } while (events.length === BATCH && !signal.aborted);
    return tally;
  }
}
