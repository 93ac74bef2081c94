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
    RELAY_INTERVAL_SEC: decimalNumber({
      description: 'Pause between two looks of the relay at the outbox',
      unit: 'seconds, fractions allowed',
      min: 0.05,
      max: 3_600,
      default: 1,
    }),
    REDELIVER_AFTER_SEC: decimalNumber({
      description: 'A published event that reached nobody for this long is published again (Redis may have lost it)',
      unit: 'seconds, fractions allowed',
      min: 0,
      max: 86_400,
      default: 300,
    }),
    OUTBOX_KEEP_HOURS: decimalNumber({
      description: 'Delivered events are forgotten after this long',
      unit: 'hours, fractions allowed',
      min: 0,
      max: 8_760,
      default: 168,
    }),
    EVENTS_KEEP_HOURS: decimalNumber({
      description: 'Events of files are forgotten after this long; who was away for longer reads anew',
      unit: 'hours, fractions allowed',
      min: 0,
      max: 8_760,
      default: 72,
    }),
    WEBHOOK_KEEP_DAYS: decimalNumber({
      description: 'Deliveries of webhooks are forgotten after this long',
      unit: 'days, fractions allowed',
      min: 0,
      max: 3_650,
      default: 30,
    }),
    VERDICTS_KEEP_DAYS: decimalNumber({
      description: 'Verdicts that a rescan replaced are forgotten after this long; the first of each version is kept',
      unit: 'days, fractions allowed',
      min: 0,
      max: 36_500,
      default: 365,
    }),
    REAPER_COPY_GRACE_SEC: decimalNumber({
      description:
        'Bytes of a version that was being copied to main are removed this long after its end; longer than any copy',
      unit: 'seconds, fractions allowed',
      min: 0,
      max: 604_800,
      default: 900,
    }),
    REAPER_SWEEP_EVERY_ROUNDS: wholeNumber({
      description: 'Every n-th round lists the buckets for what no row knows',
      unit: 'rounds',
      min: 1,
      max: 1_000_000,
      default: 360,
    }),
    REAPER_VERIFY_PER_SWEEP: wholeNumber({
      description: 'Available versions whose bytes are looked for in each sweep, from a random one on',
      unit: 'versions',
      min: 0,
      max: 1_000_000_000,
      default: 1_000,
    }),
    REAPER_CONCURRENCY: wholeNumber({
      description: 'Requests to the store at a time',
      unit: 'requests',
      min: 1,
      max: 256,
      default: 8,
    }),
  }),
  (v) => ({
    run: v.REAPER_RUN,
    intervalSec: v.REAPER_INTERVAL_SEC,
    relayAfterSec: v.RELAY_AFTER_SEC,
    relayIntervalSec: v.RELAY_INTERVAL_SEC,
    redeliverAfterSec: v.REDELIVER_AFTER_SEC,
    outboxKeepHours: v.OUTBOX_KEEP_HOURS,
    eventsKeepHours: v.EVENTS_KEEP_HOURS,
    webhookKeepDays: v.WEBHOOK_KEEP_DAYS,
    verdictsKeepDays: v.VERDICTS_KEEP_DAYS,
    copyGraceSec: v.REAPER_COPY_GRACE_SEC,
    sweepEveryRounds: v.REAPER_SWEEP_EVERY_ROUNDS,
    verifyPerSweep: v.REAPER_VERIFY_PER_SWEEP,
    concurrency: v.REAPER_CONCURRENCY,
  }),
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
