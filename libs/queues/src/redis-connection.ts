import type { QueueOptions, RedisOptions } from 'bullmq';

/** How a process reaches the queues; `config.redis` fits. */
export interface QueueConnection {
  readonly url: string;
  /** First part of every Redis key. */
  readonly prefix: string;
  /** Longest a producer waits for Redis, in milliseconds. */
  readonly commandTimeoutMs: number;
}

/** Never more than two seconds between two tries, for ever: an outage ends when Redis is back. */
const retryStrategy = (times: number): number => Math.min(2 ** Math.min(times, 10) * 25, 2_000);

/**
 * A producer works inside a request: when Redis is away it must say so at once, and the outbox takes over.
 * Without the version check the connection comes up even if Redis was away when the process started
 * (BullMQ keeps a failed first INFO for ever).
 */
export function producerOptions({ url, prefix, commandTimeoutMs }: QueueConnection): QueueOptions {
  const connection: RedisOptions = {
    url,
    retryStrategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
  };
  return { prefix, skipVersionCheck: true, skipWaitingForReady: true, connection };
}

/** A consumer has nobody waiting for it: it waits for Redis for ever. */
export function consumerOptions({ url, prefix }: QueueConnection): QueueOptions {
  const connection: RedisOptions = { url, retryStrategy, enableOfflineQueue: true, maxRetriesPerRequest: null };
  return { prefix, connection };
}
