import { FoldersRepository, type FolderRecord, type StepContext } from '@custody/data';
import { CustodyError, MAX_FOLDER_DEPTH, strongTags, type FolderId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FolderChangesRequest } from './folders.schema.js';

/** Renames and moves; what is in it moves along. */
@Injectable()
export class UpdateFolder {
  constructor(private readonly folders: FoldersRepository) {}

  /** Throws `FOLDER_NOT_FOUND`, `FOLDER_EXISTS`, `FOLDER_CYCLE`, `FOLDER_TOO_DEEP`, `PRECONDITION_FAILED`. */
  async execute(
    context: StepContext,
    folderId: FolderId,
    changes: FolderChangesRequest,
    ifMatch: string | undefined,
  ): Promise<FolderRecord> {
    const folder = await this.folders.update(context, folderId, changes, strongTags(ifMatch), MAX_FOLDER_DEPTH);
    if (folder === null) throw new CustodyError('FOLDER_NOT_FOUND');
    return folder;
  }
}
