import { FoldersRepository, type StepContext } from '@custody/data';
import { CustodyError, folderNameProblem } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { folderView } from './folder-view.js';
import type { FolderList, FolderListQuery } from './folders.schema.js';

/** The folders of a folder or of the root, by name. */
@Injectable()
export class ListFolders {
  constructor(private readonly folders: FoldersRepository) {}

  /** Throws `FOLDER_NOT_FOUND`, and `validation-error` for a cursor that is not ours. */
  async execute(context: StepContext, { parentId, limit, cursor }: FolderListQuery): Promise<FolderList> {
    const after = cursor === undefined ? null : nameIn(cursor);
    const { folders, hasMore } = await this.folders.page(context, parentId === 'root' ? null : parentId, after, limit);
    const last = folders.at(-1);
    return {
      items: folders.map(folderView),
      nextCursor: hasMore && last !== undefined ? cursorAfter(last.name) : null,
      hasMore,
    };
  }
}

/** A cursor is the name a page ended with: names are unique where they are listed. */
export function cursorAfter(name: string): string {
  return Buffer.from(name).toString('base64url');
}

function nameIn(cursor: string): string {
  const name = Buffer.from(cursor, 'base64url').toString();
  if (folderNameProblem(name) === null) return name;
  throw new CustodyError('validation-error', undefined, {
    errors: [{ pointer: '/cursor', message: 'must be the nextCursor of a page' }],
  });
}
