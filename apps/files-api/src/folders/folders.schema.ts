import type { FolderChanges } from '@custody/data';
import { folderNameProblem, type FolderId } from '@custody/domain';
import { z } from 'zod';
import { idSchema } from '../requests/id.schema.js';

const nameSchema = z
  .string()
  .transform((name, check) => {
    const normal = name.normalize('NFC');
    const message = folderNameProblem(normal);
    if (message !== null) check.addIssue({ code: 'custom', message });
    return normal;
  })
  .meta({ description: '1 to 255 characters without / and control characters; kept in NFC', examples: ['Case A-1'] });

export const newFolderSchema = z.object({
  name: nameSchema,
  parentId: idSchema<FolderId>().nullable().default(null).meta({ description: 'null: in the root' }),
});
export interface NewFolderRequest {
  readonly name: string;
  readonly parentId: FolderId | null;
}

export const folderChangesSchema = z.object({
  name: nameSchema.optional(),
  parentId: idSchema<FolderId>().nullable().optional().meta({ description: 'null: into the root' }),
});
export type FolderChangesRequest = FolderChanges;

export const folderListQuerySchema = z.object({
  parentId: z
    .union([z.literal('root'), idSchema<FolderId>()], 'must be a UUID or root')
    .default('root')
    .meta({ description: 'Folders directly in this one' }),
  limit: z.coerce.number().int().min(1).max(200).default(50).meta({ description: 'Most items of a page' }),
  cursor: z.string().max(2_000).optional().meta({ description: '`nextCursor` of the page before' }),
});
export interface FolderListQuery {
  readonly parentId: FolderId | 'root';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export const folderDeletionQuerySchema = z.object({
  recursive: z.enum(['true', 'false']).default('false').meta({ description: 'true: with all that is in it' }),
});
export type FolderDeletionQuery = z.output<typeof folderDeletionQuerySchema>;

export const folderViewSchema = z.object({
  folderId: z.uuid(),
  parentId: z.uuid().nullable().meta({ description: 'null: in the root' }),
  name: z.string(),
  path: z.string().meta({ description: 'Names from the root down', examples: ['/cases/A-1'] }),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  createdBy: z.uuid(),
});
export type FolderView = z.infer<typeof folderViewSchema>;

export const folderListSchema = z.object({
  items: z.array(folderViewSchema),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});
export type FolderList = z.infer<typeof folderListSchema>;
