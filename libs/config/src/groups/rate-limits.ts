import { z } from 'zod';
import { group } from '../group.js';
import { wholeNumber } from '../variable.js';

const perMinute = (whose: string, fallback: number) =>
  wholeNumber({
    description: `Most requests of one ${whose} in a minute, over all processes; 0 for no limit`,
    unit: 'requests',
    min: 0,
    max: 1_000_000_000,
    default: fallback,
  });

export const rateLimits = group(
  'Rate limits',
  z.object({
    FILES_RATE_LIMIT_TENANT_PER_MIN: perMinute('tenant', 300_000),
    FILES_RATE_LIMIT_USER_PER_MIN: perMinute('user', 60_000),
    FILES_RATE_LIMIT_TIMEOUT_MS: wholeNumber({
      description: 'Longest a request waits for the shared count; then this process counts for itself',
      unit: 'milliseconds',
      min: 1,
      max: 10_000,
      default: 250,
    }),
  }),
  (v) => ({
    tenantPerMinute: v.FILES_RATE_LIMIT_TENANT_PER_MIN,
    userPerMinute: v.FILES_RATE_LIMIT_USER_PER_MIN,
    timeoutMs: v.FILES_RATE_LIMIT_TIMEOUT_MS,
  }),
);
