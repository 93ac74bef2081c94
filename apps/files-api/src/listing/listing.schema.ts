import type { FileFilter, FileOrder } from '@custody/data';
import { BUCKETS, type FileId, type FolderId, type UserId } from '@custody/domain';
import { z } from 'zod';
import { fileViewSchema } from '../files/files.schema.js';
import { parameters } from '../graphql/parameters.js';
import { idSchema } from '../requests/id.schema.js';
import { timeSchema } from '../requests/time.schema.js';
import { subjectTextSchema } from '../subjects/subject.schema.js';
import { filenameSchema } from '../uploads/filename.schema.js';
import { metadataSchema, metadataTextSchema } from '../uploads/metadata.schema.js';

/** The parameters that have a name of their own; `metadata.*` are read beside them. */
export const listingParametersSchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Most items of a page' }),
  cursor: z
    .string()
    .max(500)
    .optional()
    .meta({ description: '`nextCursor` of the page before, under the same sort and order' }),
  sort: z.enum(['createdAt', 'updatedAt']).default('createdAt'),
  order: z.enum(['asc', 'desc']).default('desc'),
  urls: z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: 'true: each available item has a download URL of 15 minutes; needs files:export too' }),
  id: idSchema<FileId>().optional(),
  name: filenameSchema.optional().meta({ description: 'The filename begins with this, whatever the case' }),
  filename: filenameSchema.optional().meta({ description: 'The filename is exactly this' }),
  mimeType: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be a MIME type')
    .transform((text) => text.toLowerCase())
    .optional(),
  createdBy: idSchema<UserId>().optional(),
  createdFrom: timeSchema('Inclusive'),
  createdTo: timeSchema('Exclusive'),
  updatedFrom: timeSchema('Inclusive'),
  updatedTo: timeSchema('Exclusive'),
  bucket: z.enum(BUCKETS).optional(),
  status: z.enum(['pending_scan', 'available', 'rejected']).optional(),
  folder: z
    .union([z.literal('root'), idSchema<FolderId>()], 'must be a UUID or root')
    .optional()
    .meta({ description: 'Directly in this folder; `root`: in none' }),
  subject: subjectTextSchema.optional(),
  metadata: metadataTextSchema.optional().meta({
    description: 'A JSON object the metadata contains, at any of its levels as written',
    examples: ['{"case":"A-1"}'],
  }),
  externalId: z
    .string()
    .min(1)
    .max(1_000)
    .refine((text) => !text.includes('\0'), 'must not contain NUL')
    .optional()
    .meta({ description: "The metadata's `externalId`, or one of its `externalIds`" }),
});

/** A request for a page, validated. */
export interface ListingQuery extends FileOrder {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly urls: boolean;
  readonly filter: FileFilter;
}

const PREFIX = 'metadata.';

/** `metadata.case=A-1` is short for `metadata={"case":"A-1"}`; both may be given. */
export const listingQuerySchema = z.record(z.string(), z.unknown()).transform((query, check): ListingQuery => {
  const named = Object.entries(query).filter(([name]) => name.startsWith(PREFIX) && name !== PREFIX);
  const short = metadataSchema.safeParse(
    Object.fromEntries(named.map(([name, value]) => [name.slice(PREFIX.length), value])),
  );
  const rest = listingParametersSchema.safeParse(query);
  for (const { path, message } of short.error?.issues ?? [])
    check.addIssue({ code: 'custom', path: ['metadata', ...path], message });
  for (const { path, message } of rest.error?.issues ?? []) check.addIssue({ code: 'custom', path, message });
  if (!short.success || !rest.success) return z.NEVER;
  const { limit, cursor, sort, order, urls, metadata, ...filter } = rest.data;
  const contains = named.length === 0 ? metadata : { ...metadata, ...short.data };
  return { limit, cursor, sort, order, urls: urls === 'true', filter: { ...filter, metadata: contains } };
});

const listedFileSchema = fileViewSchema.extend({
  downloadUrl: z
    .object({ url: z.url(), expiresAt: z.iso.datetime(), expiresIn: z.int() })
    .nullable()
    .optional()
    .meta({ description: 'Only with urls=true; null unless the file is available' }),
});

export const listingSchema = z.object({
  items: z.array(listedFileSchema),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});
export type Listing = z.infer<typeof listingSchema>;
export type ListedFile = z.infer<typeof listedFileSchema>;

/** The arguments of the GraphQL field: the same parameters, the filters in an object of their own and metadata as it is. */
export const filesArgumentsSchema = z
  .object({
    filter: z.record(z.string(), z.unknown()).nullish(),
    sort: z.string().nullish(),
    order: z.string().nullish(),
    first: z.int().nullish(),
    after: z.string().nullish(),
  })
  .transform(({ filter, first, after, ...order }) => {
    const { metadata, ...named } = filter ?? {};
    return parameters({
      ...named,
      ...order,
      limit: first,
      cursor: after,
      metadata: metadata && JSON.stringify(metadata),
    });
  })
  .pipe(listingQuerySchema);
