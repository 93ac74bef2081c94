import { Logger } from '@nestjs/common';
import { WaitingError, Worker, type Job, type RedisClient } from 'bullmq';
import { BoundedLog } from '../bounded-log.js';
import { KEEP_FAILED } from '../producer/queue-message.js';
import { Reconnection } from '../reconnection.js';
import { consumerOptions, type QueueConnection } from '../redis-connection.js';
import type { JobRunner } from './job-runner.js';

/** How a process works on its queues; `config.redis` plus what the process decides. */
export interface ConsumerOptions extends QueueConnection {
  /** A running job whose lock was not renewed for this long is taken for lost. */
  readonly lockSec: number;
  readonly stalledIntervalSec: number;
  /** How long running jobs may take to finish when the process stops. */
  readonly shutdownGraceSec: number;
}

/** An interrupted run is nobody's fault (deploys, evictions): it never makes a job fail. */
const NEVER_FAIL_INTERRUPTED = 1_000_000;
/** Time to hand jobs back and say goodbye to Redis after the grace is over. */
const FAREWELL_MS = 2_000;

/** One BullMQ worker for one queue. */
export class QueueWorker {
  private readonly worker: Worker;
  private readonly reconnection = new Reconnection();
  private paused = false;

  constructor(
    readonly queue: string,
    concurrency: number,
    private readonly runner: JobRunner,
    private readonly options: ConsumerOptions,
  ) {
    this.worker = new Worker(queue, (job, token = '') => this.take(job, token), {
      ...consumerOptions(options, this.reconnection),
      concurrency,
      lockDuration: options.lockSec * 1_000,
      stalledInterval: options.stalledIntervalSec * 1_000,
      maxStalledCount: NEVER_FAIL_INTERRUPTED,
      runRetryDelay: 1_000,
      removeOnComplete: { count: 0 },
      removeOnFail: KEEP_FAILED,
    });
    const log = new BoundedLog(new Logger(QueueWorker.name));
    this.worker.on('error', (error) => log.warn(`queue ${queue}: ${error.message}`));
    this.worker.on('stalled', (id) => log.warn(`queue ${queue}: job ${id} was lost by its worker and runs again`));
  }

  /** Stops taking jobs; those that run go on. */
  async pause(): Promise<void> {
    this.paused = true;
    await this.worker.pause(true);
  }

  async resume(): Promise<void> {
    this.paused = false;
    await this.worker.resume();
  }

  /** Takes no more, waits for what runs up to the grace, hands back the rest. Ends even if Redis is away. */
  async close(): Promise<void> {
    this.reconnection.stop();
    // BullMQ waits for ever for the end of a connection that is between two tries: let the last try come to its end.
    await settlesWithin(this.connectionsDecided(), FAREWELL_MS + 500);
    const closed = this.worker.close();
    const graceMs = this.runner.size > 0 ? this.options.shutdownGraceSec * 1_000 : FAREWELL_MS;
    if (await settlesWithin(closed, graceMs)) return;
    this.runner.handBack();
    if (await settlesWithin(closed, FAREWELL_MS)) return;
    await settlesWithin(this.worker.disconnect(), FAREWELL_MS);
  }

  /** A blocking read that hung when the pause began may still bring one job: it goes back to the head of the queue. */
  private async take(job: Job, token: string): Promise<void> {
    if (!this.paused) return this.runner.run(job, token);
    await job.moveToWait(token);
    throw new WaitingError();
  }

  private async connectionsDecided(): Promise<void> {
    const { client, blockingClient } = this.worker.getBackend();
    await Promise.all([decided(client), decided(blockingClient)]);
  }
}

/** Whether `work` settled in time; its outcome no longer matters to a process that stops. */
async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const settled = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([settled, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Until the connection is either there or given up. */
async function decided(connecting: Promise<RedisClient> | undefined): Promise<void> {
  const client = await connecting;
  if (!client || client.status === 'ready' || client.status === 'end') return;
  await new Promise<void>((resolve) => {
    client.once('ready', () => resolve());
    client.once('end', () => resolve());
  });
}
