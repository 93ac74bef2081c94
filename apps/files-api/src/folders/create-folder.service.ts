import { FoldersRepository, type FolderRecord } from '@custody/data';
import { MAX_FOLDER_DEPTH, newId, type FolderId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../requests/caller.decorator.js';
import type { NewFolderRequest } from './folders.schema.js';

@Injectable()
export class CreateFolder {
  constructor(private readonly folders: FoldersRepository) {}

  /** Throws `FOLDER_NOT_FOUND` (the parent), `FOLDER_EXISTS`, `FOLDER_TOO_DEEP`. */
  async execute({ context, userId }: Caller, { name, parentId }: NewFolderRequest): Promise<FolderRecord> {
    const folder = { folderId: newId<FolderId>(), parentId, name, createdBy: userId };
    return this.folders.create(context, folder, MAX_FOLDER_DEPTH);
  }
}
