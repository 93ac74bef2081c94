import { FoldersRepository, type StepContext } from '@custody/data';
import { CustodyError, strongTags, type FolderId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FolderDeletionQuery } from './folders.schema.js';

@Injectable()
export class DeleteFolder {
  constructor(private readonly folders: FoldersRepository) {}

  /**
   * `emptying`: it is gone for every door, and the reaper deletes what is in it. Throws `FOLDER_NOT_FOUND`, `FOLDER_NOT_EMPTY`,
   * `PRECONDITION_FAILED`.
   */
  async execute(
    context: StepContext,
    folderId: FolderId,
    { recursive }: FolderDeletionQuery,
    ifMatch: string | undefined,
  ): Promise<'deleted' | 'emptying'> {
    const contents = recursive === 'true' ? 'delete' : 'keep';
    const outcome = await this.folders.delete(context, folderId, contents, strongTags(ifMatch));
    if (outcome === null) throw new CustodyError('FOLDER_NOT_FOUND');
    return outcome;
  }
}
