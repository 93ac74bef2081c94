import type { AuditFilter } from '@custody/data';
import type { FileId, VersionId } from '@custody/domain';
import { z } from 'zod';
import { parameters } from '../graphql/parameters.js';
import { idSchema } from '../requests/id.schema.js';
import { timeSchema } from '../requests/time.schema.js';

export const auditParametersSchema = z.object({
  format: z.enum(['json', 'ndjson']).optional().meta({
    description: '`ndjson`: the whole range as a stream, whatever `limit` is; `Accept: application/x-ndjson` too',
  }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Most items of a page' }),
  cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before, under the same order' }),
  order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'By time; `desc`: newest first' }),
  fileId: idSchema<FileId>().optional().meta({ description: 'A deleted or purged file keeps its entries' }),
  versionId: idSchema<VersionId>().optional(),
  actor: z
    .string()
    .regex(/^(user|system):[\x21-\x7e]{1,200}$/, 'must be user:{UUID} or system:{name}')
    .transform((text) => (text.startsWith('user:') ? text.toLowerCase() : text))
    .optional()
    .meta({ examples: ['user:7d1f5a3e-0a4b-4c5d-8e6f-9a8b7c6d5e4f', 'system:scan-worker'] }),
  action: z
    .string()
    .max(200)
    .regex(
      /^[a-z][a-z_]*\.([a-z][a-z_]*|\*)$/,
      'must be an action such as file.deleted, or all of a group such as version.*',
    )
    .optional()
    .meta({ description: 'An action, or all of a group', examples: ['file.deleted', 'version.*'] }),
  from: timeSchema('Inclusive'),
  to: timeSchema('Exclusive'),
  requestId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be a request id')
    .optional()
    .meta({ description: 'The `X-Request-Id` of the request that caused it' }),
});

/** A request for entries, validated. */
export interface AuditQuery {
  readonly format: 'json' | 'ndjson' | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly order: 'asc' | 'desc';
  readonly filter: AuditFilter;
}

const GROUP = '.*';

export const auditQuerySchema: z.ZodType<AuditQuery> = auditParametersSchema.transform(
  ({ format, limit, cursor, order, action, ...filter }): AuditQuery => ({
    ...{ format, limit, cursor, order },
    filter:
      action?.endsWith(GROUP) === true
        ? { ...filter, actionGroup: action.slice(0, -GROUP.length) }
        : { ...filter, action },
  }),
);

/** The arguments of the GraphQL field: the same parameters, the filters in an object of their own. */
export const auditArgumentsSchema = z
  .object({
    filter: z.record(z.string(), z.unknown()).nullish(),
    order: z.string().nullish(),
    first: z.int().nullish(),
    after: z.string().nullish(),
  })
  .transform(({ filter, order, first, after }): unknown =>
    parameters({ ...filter, order, limit: first, cursor: after }),
  )
  .pipe(auditQuerySchema);

export const auditEntrySchema = z.object({
  id: z.string().meta({ description: 'The same whenever the entry is read; opaque' }),
  at: z.iso.datetime(),
  actor: z.string().meta({ description: '`user:{UUID}` or `system:{name}`' }),
  action: z.string().meta({ examples: ['file.download_url_created', 'version.available'] }),
  fileId: z.uuid().nullable(),
  versionId: z.uuid().nullable(),
  requestId: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).meta({ description: 'Depends on the action; never a URL or a token' }),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z.object({
  items: z.array(auditEntrySchema),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
