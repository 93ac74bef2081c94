import { Module } from '@nestjs/common';
import { CreateFolder } from './create-folder.service.js';
import { DeleteFolder } from './delete-folder.service.js';
import { FileFolderResolver } from './file-folder.resolver.js';
import { FindFolders } from './find-folders.service.js';
import { FolderChangesController } from './folder-changes.controller.js';
import { FolderChangesResolver } from './folder-changes.resolver.js';
import { FoldersController } from './folders.controller.js';
import { FoldersResolver } from './folders.resolver.js';
import { ListFolders } from './list-folders.service.js';
import { ReadFolder } from './read-folder.service.js';
import { UpdateFolder } from './update-folder.service.js';

@Module({
  controllers: [FolderChangesController, FoldersController],
  providers: [
    CreateFolder,
    DeleteFolder,
    FileFolderResolver,
    FindFolders,
    FolderChangesResolver,
    FoldersResolver,
    ListFolders,
    ReadFolder,
    UpdateFolder,
  ],
})
export class FoldersModule {}
