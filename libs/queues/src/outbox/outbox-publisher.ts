import { toJob, type OutboxEvent, type OutboxMarks } from '@custody/contracts';
import { Logger } from '@nestjs/common';
import { BoundedLog } from '../bounded-log.js';
import type { QueueProducer } from '../producer/queue-producer.js';

const BATCH = 100;
const BATCHES_AT_A_TIME = 4;
/** Beyond this the relay has to do it anyway. */
const MOST_PENDING = 10_000;

/**
 * Publishes committed outbox rows in the background. It may fail as it likes: the row is the truth, and what is not
 * marked is published again by the relay under the same id.
 */
export class OutboxPublisher {
  private readonly log = new BoundedLog(new Logger(OutboxPublisher.name));
  private readonly pending: OutboxEvent[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly producer: Pick<QueueProducer, 'publish'>,
    private readonly marks: OutboxMarks,
  ) {}

  /** Returns at once and never throws. */
  publishAfterCommit(events: readonly OutboxEvent[]): void {
    const room = MOST_PENDING - this.pending.length;
    if (events.length > room) this.log.warn('too many outbox rows at a time, the relay publishes the rest');
    this.pending.push(...events.slice(0, room));
    this.fill();
  }

  /** Resolves when everything accepted so far was published or given up. */
  async flush(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.flush();
  }

  private fill(): void {
    while (this.pending.length > 0 && this.running.size < BATCHES_AT_A_TIME) {
      const batch = this.publish(this.pending.splice(0, BATCH)).finally(() => {
        this.running.delete(batch);
        this.fill();
      });
      this.running.add(batch);
    }
  }

  private async publish(events: readonly OutboxEvent[]): Promise<void> {
    try {
      await this.producer.publish(events.map(toJob));
      await this.marks.markPublished(events);
    } catch (error) {
      this.log.warn(`left to the relay: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
