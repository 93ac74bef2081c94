import { PARTS_MAX } from '@custody/domain';
import { z } from 'zod';
import { parameters } from '../graphql/parameters.js';
import { partPlanSchema } from '../uploads/uploads.schema.js';

/** Most parts signed, or listed, at once. */
const BATCH = 1_000;

const partNumber = z.int().min(1).max(PARTS_MAX);

export const signPartsRequestSchema = z.object({
  partNumbers: z
    .array(partNumber)
    .min(1)
    .max(BATCH)
    .refine((numbers) => new Set(numbers).size === numbers.length, 'must not repeat a part')
    .meta({ description: 'Parts to send next, from 1 to `partCount`' }),
});

export const signedPartsSchema = z.object({
  parts: z.array(
    z.object({
      partNumber,
      uploadUrl: z.url(),
      method: z.literal('PUT'),
      headers: z.record(z.string(), z.string()).meta({ description: 'Send exactly these' }),
      size: z.int().meta({ description: 'Bytes of this part; the store refuses any other length' }),
    }),
  ),
  expiresAt: z.iso.datetime(),
});
export type SignedParts = z.infer<typeof signedPartsSchema>;

export const listPartsQuerySchema = z.object({
  after: z.coerce.number().int().min(0).max(PARTS_MAX).default(0).meta({ description: 'Parts behind this one' }),
  limit: z.coerce.number().int().min(1).max(BATCH).default(BATCH),
});

/** The arguments of the GraphQL field. */
export const arrivedPartsArgumentsSchema = z
  .object({ first: z.int().nullish(), after: z.int().nullish() })
  .transform(({ first, after }): unknown => parameters({ limit: first, after }))
  .pipe(listPartsQuerySchema as z.ZodType<z.output<typeof listPartsQuerySchema>>);
export type ListPartsQuery = z.output<typeof listPartsQuerySchema>;

export const arrivedPartsSchema = z.object({
  fileId: z.uuid(),
  versionId: z.uuid(),
  size: z.int().meta({ description: 'Bytes of the whole' }),
  ...partPlanSchema.shape,
  parts: z
    .array(z.object({ partNumber, size: z.int(), etag: z.string() }))
    .meta({ description: 'Those that have arrived, by number' }),
  hasMore: z.boolean(),
});
export type ArrivedParts = z.infer<typeof arrivedPartsSchema>;
