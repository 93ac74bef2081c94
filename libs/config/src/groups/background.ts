import { z } from 'zod';
import { addressOf } from '../address.js';
import { group } from '../group.js';
import { choice, decimalNumber, optionalText, wholeNumber } from '../variable.js';

export const reaper = group(
  'Reaper and relay',
  z.object({
    REAPER_RUN: choice(['loop', 'once'], 'loop', { description: 'Keep running, or one round and exit (CronJob)' }),
    REAPER_INTERVAL_SEC: decimalNumber({
      description: 'Pause between two rounds of the loop',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 86_400,
      default: 10,
    }),
    RELAY_AFTER_SEC: decimalNumber({
      description: 'An outbox row nobody published is published by the relay after this long',
      unit: 'seconds, fractions allowed',
      min: 0,
      max: 3_600,
      default: 2,
    }),
  }),
  (v) => ({ run: v.REAPER_RUN, intervalSec: v.REAPER_INTERVAL_SEC, relayAfterSec: v.RELAY_AFTER_SEC }),
);

export const notify = group(
  'Notifications',
  z.object({
    NOTIFY_SINK_URL: optionalText(
      {
        description: 'Where CloudEvents are posted; without it they are logged and done',
        example: 'https://events.example.com/custody',
        secret: true,
      },
      addressOf('http:', 'https:'),
    ),
    NOTIFY_MAX_ATTEMPTS: wholeNumber({
      description: 'Deliveries of one event before it is failed',
      unit: 'attempts',
      min: 1,
      max: 1_000,
      default: 10,
    }),
    NOTIFY_TIMEOUT_SEC: wholeNumber({
      description: 'Longest wait for the receiver of one delivery',
      unit: 'seconds',
      min: 1,
      max: 600,
      default: 10,
    }),
    NOTIFY_CONCURRENCY: wholeNumber({
      description: 'Deliveries at a time',
      unit: 'deliveries',
      min: 1,
      max: 256,
      default: 8,
    }),
  }),
  (v) => ({
    sinkUrl: v.NOTIFY_SINK_URL,
    maxAttempts: v.NOTIFY_MAX_ATTEMPTS,
    timeoutSec: v.NOTIFY_TIMEOUT_SEC,
    concurrency: v.NOTIFY_CONCURRENCY,
  }),
);
