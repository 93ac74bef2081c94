import { z } from 'zod';
import { addressOf } from '../address.js';
import { group } from '../group.js';
import { text, textOr, wholeNumber } from '../variable.js';

export const redis = group(
  'Redis and queues',
  z.object({
    REDIS_URL: text(
      { description: 'Redis of the queues', example: 'redis://127.0.0.1:6379', secret: true },
      addressOf('redis:', 'rediss:'),
    ),
    REDIS_COMMAND_TIMEOUT_MS: wholeNumber({
      description: 'Longest a producer waits for Redis before it goes on without',
      unit: 'milliseconds',
      min: 10,
      max: 60_000,
      default: 1_000,
    }),
    QUEUE_PREFIX: textOr('bull', { description: 'First part of every queue key in Redis' }),
    QUEUE_LOCK_SEC: wholeNumber({
      description: 'A running job whose lock was not renewed for this long is taken for lost',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 30,
    }),
    QUEUE_STALLED_INTERVAL_SEC: wholeNumber({
      description: 'How often lost jobs are looked for',
      unit: 'seconds',
      min: 1,
      max: 3_600,
      default: 15,
    }),
  }),
  (v) => ({
    url: v.REDIS_URL,
    commandTimeoutMs: v.REDIS_COMMAND_TIMEOUT_MS,
    prefix: v.QUEUE_PREFIX,
    lockSec: v.QUEUE_LOCK_SEC,
    stalledIntervalSec: v.QUEUE_STALLED_INTERVAL_SEC,
  }),
);
