import { z } from 'zod';

export const livenessSchema = z.object({ status: z.literal('ok') });

export const readinessSchema = z.object({
  status: z
    .enum(['ok', 'degraded', 'unavailable', 'stopping'])
    .meta({ description: 'degraded: Redis is away, and requests are served without it' }),
  checks: z.record(z.string(), z.enum(['ok', 'failed', 'timeout'])),
});
