import { setTimeout as pause } from 'node:timers/promises';
import { QueueProducer } from '@custody/queues';
import { Injectable } from '@nestjs/common';

const AT_MOST_MS = 5_000;
const EVERY_MS = 50;

/**
 * A producer connects in the background and refuses work until then, which a first round must not take for an outage. A Redis
 * that stays away is one: the tasks that need it fail, the others run.
 */
@Injectable()
export class AwaitRedis {
  constructor(private readonly producer: QueueProducer) {}

  async execute(): Promise<void> {
    const deadline = performance.now() + AT_MOST_MS;
    while (performance.now() < deadline) {
      if (await this.answers()) return;
      await pause(EVERY_MS);
    }
  }

  private answers(): Promise<boolean> {
    return this.producer.ping().then(
      () => true,
      () => false,
    );
  }
}
