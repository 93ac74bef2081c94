import { FoldersRepository, type FolderRecord, type StepContext } from '@custody/data';
import type { FolderId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { Batched } from '../graphql/batched.js';
import { folderView } from './folder-view.js';
import type { FolderView } from './folders.schema.js';

/** The folders that the nodes of one answer are in, read together. */
@Injectable()
export class FindFolders {
  private readonly found = new Batched<FolderId, FolderRecord>((context, ids) => this.folders.findAll(context, ids));

  constructor(private readonly folders: FoldersRepository) {}

  /** Null for a folder that is being emptied. */
  async execute(context: StepContext, folderId: FolderId): Promise<FolderView | null> {
    const folder = await this.found.load(context, folderId, undefined);
    return folder && folderView(folder);
  }
}
