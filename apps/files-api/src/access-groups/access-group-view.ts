import type { AccessGroup, AccessGroupMember } from '@custody/data';
import type { AccessGroupView, MemberView } from './access-groups.schema.js';

export function accessGroupView({ id, name, createdAt, updatedAt }: AccessGroup): AccessGroupView {
  return { id, name, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

export function memberView({ userId, addedAt }: AccessGroupMember): MemberView {
  return { userId, addedAt: addedAt.toISOString() };
}
