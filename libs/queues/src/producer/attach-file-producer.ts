import { JOBS, type AttachFilePayload, type JobMeta } from '@custody/contracts';
import { Queue } from 'bullmq';
import { Reconnection } from '../reconnection.js';
import { producerOptions, type QueueConnection } from '../redis-connection.js';
import { QueueProducer } from './queue-producer.js';

/**
 * For other services: asks Custody to link a file to a subject of theirs. Durable once `publish` has resolved; publish again, with
 * the same `eventId`, whatever may not have got through.
 */
export class AttachFileProducer {
  private constructor(
    private readonly producer: QueueProducer,
    private readonly queue: Queue,
    private readonly reconnection: Reconnection,
  ) {}

  /** `prefix` is Custody's own (`QUEUE_PREFIX`, `bull` by default). */
  static open(connection: QueueConnection): AttachFileProducer {
    const reconnection = new Reconnection();
    const queue = new Queue(JOBS['attach-file.v1'].queue, producerOptions(connection, reconnection));
    return new AttachFileProducer(new QueueProducer(JOBS, [queue], connection.commandTimeoutMs), queue, reconnection);
  }

  /** @throws InvalidMessage for what breaks the contract, QueueUnavailable when Redis did not answer in time. */
  async publish(event: AttachFilePayload, meta?: JobMeta): Promise<void> {
    await this.producer.publish([{ id: event.eventId, name: 'attach-file.v1', payload: event, meta }]);
  }

  async close(): Promise<void> {
    this.reconnection.stop();
    await this.queue.close();
  }
}
