import { z } from 'zod';

const [YEAR_1, YEAR_10000] = [Date.parse('0001-01-01T00:00:00Z'), 253_402_300_800_000];

/** An optional moment of a query. */
export const timeSchema = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'must be an ISO 8601 time with its offset, e.g. 2026-11-21T10:00:00Z' })
    .transform((text) => new Date(text))
    .refine((date) => date.getTime() >= YEAR_1 && date.getTime() < YEAR_10000, 'must lie in the years 1 to 9999')
    .optional()
    .meta({ description });
