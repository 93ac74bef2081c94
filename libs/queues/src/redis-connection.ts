import type { QueueOptions, RedisOptions } from 'bullmq';
import type { Reconnection } from './reconnection.js';

/** How a process reaches the queues; `config.redis` fits. */
export interface QueueConnection {
  readonly url: string;
  /** First part of every Redis key. */
  readonly prefix: string;
  /** Longest a producer waits for Redis, in milliseconds. */
  readonly commandTimeoutMs: number;
}

/**
 * A producer works inside a request: when Redis is away it must say so at once, and the outbox takes over.
 * Without the version check the connection comes up even if Redis was away when the process started
 * (BullMQ keeps a failed first INFO for ever).
 */
export function producerOptions(
  { url, prefix, commandTimeoutMs }: QueueConnection,
  { strategy }: Reconnection,
): QueueOptions {
  const connection: RedisOptions = {
    url,
    retryStrategy: strategy,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
  };
  return { prefix, skipVersionCheck: true, skipWaitingForReady: true, connection };
}

/** A consumer has nobody waiting for it: it waits for Redis for ever. */
export function consumerOptions({ url, prefix }: QueueConnection, { strategy }: Reconnection): QueueOptions {
  const connection: RedisOptions = {
    url,
    retryStrategy: strategy,
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
  };
  return { prefix, connection };
}
