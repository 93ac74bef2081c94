import { THUMBNAIL_FORMATS, THUMBNAIL_SIZES } from '@custody/domain';
import { z } from 'zod';
import { parameters } from '../graphql/parameters.js';

const sizes = THUMBNAIL_SIZES.map(String) as [string, ...string[]];

export const thumbnailQuerySchema = z.object({
  size: z.enum(sizes).default('512').transform(Number),
  format: z.enum(THUMBNAIL_FORMATS).default('webp'),
});
export type ThumbnailQuery = z.output<typeof thumbnailQuerySchema>;

export const thumbnailUrlSchema = z.object({ url: z.url(), expiresAt: z.iso.datetime() });
export type ThumbnailUrl = z.infer<typeof thumbnailUrlSchema>;

/** The arguments of a GraphQL field: a number cannot be the value of an enum. */
export const thumbnailArgumentsSchema = z
  .object({ size: z.int().nullish(), format: z.string().nullish() })
  .transform(({ size, format }): unknown => parameters({ size: size?.toString(), format }))
  .pipe(thumbnailQuerySchema as z.ZodType<ThumbnailQuery>);
