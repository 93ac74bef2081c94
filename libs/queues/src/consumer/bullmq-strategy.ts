import { JOBS } from '@custody/contracts';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { JobCatalogue } from '../job-catalogue.js';
import { handlerDefects } from './handler-table.js';
import { BULLMQ } from './job-handler.decorator.js';
import { JobRunner } from './job-runner.js';
import { QueueWorker, type ConsumerOptions } from './queue-worker.js';

export interface BullMqStrategyOptions extends ConsumerOptions {
  /** `JOBS` of libs/contracts when absent. */
  readonly catalogue?: JobCatalogue;
  /** The queues this process works on, and how many jobs of each at a time. */
  readonly queues: Readonly<Record<string, number>>;
}

/**
 * Nest transport over BullMQ: `@JobHandler('scan.v1')` methods get the jobs of the queues named here.
 * Starting fails when a job of these queues has no handler, or two.
 */
export class BullMqStrategy extends Server implements CustomTransportStrategy {
  override transportId = BULLMQ;
  override readonly propagatesEventHandlerErrors = true;
  private workers: QueueWorker[] = [];

  constructor(private readonly options: BullMqStrategyOptions) {
    super();
  }

  listen(done: (error?: unknown) => void): void {
    const { catalogue = JOBS, queues } = this.options;
    const defects = handlerDefects(catalogue, Object.keys(queues), this.messageHandlers);
    if (defects.length > 0) {
      done(new Error(`the job handlers are not complete: ${defects.join('; ')}`));
      return;
    }
    this.workers = Object.entries(queues).map(
      ([queue, concurrency]) =>
        new QueueWorker(
          queue,
          concurrency,
          new JobRunner(catalogue, (name) => this.messageHandlers.get(name) ?? null),
          this.options,
        ),
    );
    done();
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    this.workers = [];
  }

  /** Stops taking jobs of a queue, for example while an engine is away; running jobs go on. */
  async pause(queue: string): Promise<void> {
    await this.worker(queue).pause();
  }

  async resume(queue: string): Promise<void> {
    await this.worker(queue).resume();
  }

  on(): never {
    throw new Error('BullMqStrategy has no events to listen to');
  }

  unwrap<T>(): T {
    return this.workers as T;
  }

  private worker(queue: string): QueueWorker {
    const worker = this.workers.find((candidate) => candidate.queue === queue);
    if (!worker) throw new RangeError(`this process does not work on queue ${queue}`);
    return worker;
  }
}
