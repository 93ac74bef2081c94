import type { FolderRecord } from '@custody/data';
import type { FolderView } from './folders.schema.js';

export function folderView({
  folderId,
  parentId,
  name,
  path,
  createdAt,
  updatedAt,
  createdBy,
}: FolderRecord): FolderView {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { folderId, parentId, name, path, ...times, createdBy };
}
