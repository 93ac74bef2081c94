import { asId, isUuid, type AccessGroupId } from '@custody/domain';
import { z } from 'zod';
import { pageSchema } from '../requests/page.js';

/** The id of an access group as a body names it. */
export const accessGroupIdSchema = z
  .string()
  .toLowerCase()
  .refine(isUuid, 'must be a UUID')
  .transform((id) => asId<AccessGroupId>(id))
  .meta({ format: 'uuid', description: 'Only members of the group, who made the file and administrators see it' });

const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200)
  .refine((name) => name.isWellFormed() && !name.includes('\0'), 'must be well-formed Unicode without NUL')
  .meta({ description: 'Unique in the tenant', examples: ['Case 17, investigators'] });

export const createAccessGroupSchema = z.object({
  name: nameSchema,
  id: accessGroupIdSchema.optional().meta({
    format: 'uuid',
    description: 'The id the authorization server uses in the `groups` claim; a new one when absent',
  }),
});
export type CreateAccessGroupRequest = z.output<typeof createAccessGroupSchema>;

export const renameAccessGroupSchema = z.object({ name: nameSchema.optional() });
export type RenameAccessGroupRequest = z.output<typeof renameAccessGroupSchema>;

export const accessGroupSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type AccessGroupView = z.infer<typeof accessGroupSchema>;

export const memberSchema = z.object({ userId: z.uuid(), addedAt: z.iso.datetime() });
export type MemberView = z.infer<typeof memberSchema>;

export const accessGroupPageSchema = pageSchema(accessGroupSchema);
export const memberPageSchema = pageSchema(memberSchema);
