import { Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { BoundedLog } from '../bounded-log.js';
import type { JobCatalogue } from '../job-catalogue.js';
import { withDeadline } from './deadline.js';
import { QueueUnavailable } from './queue-errors.js';
import { toJob, type BulkJob, type QueueMessage } from './queue-message.js';

/** Jobs of one queue by state. */
export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly prioritized: number;
  readonly failed: number;
}

/** Puts jobs on the queues. Every method answers within `deadlineMs`, or throws QueueUnavailable. */
export class QueueProducer {
  private readonly queues: ReadonlyMap<string, Queue>;

  constructor(
    private readonly catalogue: JobCatalogue,
    queues: readonly Queue[],
    private readonly deadlineMs: number,
  ) {
    this.queues = new Map(queues.map((queue) => [queue.name, queue]));
    const log = new BoundedLog(new Logger(QueueProducer.name));
    for (const queue of queues) queue.on('error', (error) => log.warn(`Redis of the queues: ${error.message}`));
  }

  /**
   * Adds all messages, one round trip a queue.
   * @throws InvalidMessage before anything was added, QueueUnavailable when Redis did not answer in time.
   */
  async publish(messages: readonly QueueMessage[]): Promise<void> {
    const byQueue = Map.groupBy(
      messages.map((message) => toJob(this.catalogue, message)),
      ({ queue }) => queue,
    );
    await this.inTime(Promise.all([...byQueue].map(([queue, jobs]) => this.queue(queue).addBulk([...jobs]))));
  }

  /** As `publish`, but a job of the same id that ended in the failed set makes way and runs again. */
  async republish(messages: readonly QueueMessage[]): Promise<void> {
    const jobs = messages.map((message) => toJob(this.catalogue, message));
    await this.inTime(Promise.all(jobs.map((job) => this.removeFailed(job))));
    await this.publish(messages);
  }

  async depth(queue: string): Promise<QueueDepth> {
    const counts = await this.inTime(
      this.queue(queue).getJobCounts('waiting', 'active', 'delayed', 'prioritized', 'failed'),
    );
    const { waiting = 0, active = 0, delayed = 0, prioritized = 0, failed = 0 } = counts;
    return { waiting, active, delayed, prioritized, failed };
  }

  /** Resolves when Redis answers; for readiness. */
  async ping(): Promise<void> {
    await this.inTime(Promise.all([...this.queues.values()].slice(0, 1).map((queue) => queue.getGlobalConcurrency())));
  }

  private async removeFailed({ queue, opts }: BulkJob): Promise<void> {
    const id = String(opts.jobId);
    if ((await this.queue(queue).getJobState(id)) === 'failed') await this.queue(queue).remove(id);
  }

  private async inTime<T>(work: Promise<T>): Promise<T> {
    try {
      return await withDeadline(work, this.deadlineMs);
    } catch (error) {
      throw new QueueUnavailable(error);
    }
  }

  private queue(name: string): Queue {
    const queue = this.queues.get(name);
    if (!queue) throw new RangeError(`there is no queue called ${name}`);
    return queue;
  }
}
