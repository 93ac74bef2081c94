import { FoldersRepository, type FolderRecord, type StepContext } from '@custody/data';
import { CustodyError, type FolderId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadFolder {
  constructor(private readonly folders: FoldersRepository) {}

  /** Throws `FOLDER_NOT_FOUND`. */
  async execute(context: StepContext, folderId: FolderId): Promise<FolderRecord> {
    const folder = await this.folders.find(context, folderId);
    if (folder === null) throw new CustodyError('FOLDER_NOT_FOUND');
    return folder;
  }
}
