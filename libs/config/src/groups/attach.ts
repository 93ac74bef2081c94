import { z } from 'zod';
import { group } from '../group.js';
import { wholeNumber } from '../variable.js';

export const attach = group(
  'Attach events',
  z.object({
    ATTACH_PARK_SEC: wholeNumber({
      description: 'An attach event whose file is not there waits this long before it is refused',
      unit: 'seconds',
      min: 0,
      max: 604_800,
      default: 60,
    }),
    ATTACH_CONCURRENCY: wholeNumber({
      description: 'Attach events at a time in this process',
      unit: 'events',
      min: 1,
      max: 256,
      default: 4,
    }),
  }),
  (v) => ({ parkSec: v.ATTACH_PARK_SEC, concurrency: v.ATTACH_CONCURRENCY }),
);
