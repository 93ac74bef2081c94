import { z } from 'zod';
import { group } from '../group.js';
import { decimalNumber, wholeNumber } from '../variable.js';

export const events = group(
  'Event streams',
  z.object({
    EVENTS_HEARTBEAT_SEC: decimalNumber({
      description: 'A stream that is silent for this long sends a comment, so that proxies keep it open',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 3_600,
      default: 15,
    }),
    EVENTS_POLL_SEC: decimalNumber({
      description:
        'How often PostgreSQL is asked for events whose wake-up over Redis was lost, while somebody follows them',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 3_600,
      default: 2,
    }),
    EVENTS_STALL_SEC: decimalNumber({
      description: 'A reader that has taken nothing for this long is cut; it resumes where it was',
      unit: 'seconds, fractions allowed',
      min: 0.1,
      max: 3_600,
      default: 30,
    }),
    EVENTS_MAX_STREAMS_PER_USER: wholeNumber({
      description: 'Most open streams of one user in one process',
      unit: 'streams',
      min: 1,
      max: 1_000_000,
      default: 20,
    }),
    EVENTS_MAX_STREAMS: wholeNumber({
      description: 'Most open streams of one process',
      unit: 'streams',
      min: 1,
      max: 1_000_000,
      default: 2_000,
    }),
  }),
  (v) => ({
    heartbeatSec: v.EVENTS_HEARTBEAT_SEC,
    pollSec: v.EVENTS_POLL_SEC,
    stallSec: v.EVENTS_STALL_SEC,
    maxStreamsPerUser: v.EVENTS_MAX_STREAMS_PER_USER,
    maxStreams: v.EVENTS_MAX_STREAMS,
  }),
);
