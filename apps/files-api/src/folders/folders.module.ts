import { Module } from '@nestjs/common';
import { CreateFolder } from './create-folder.service.js';
import { DeleteFolder } from './delete-folder.service.js';
import { FolderChangesController } from './folder-changes.controller.js';
import { FoldersController } from './folders.controller.js';
import { ListFolders } from './list-folders.service.js';
import { ReadFolder } from './read-folder.service.js';
import { UpdateFolder } from './update-folder.service.js';

@Module({
  controllers: [FolderChangesController, FoldersController],
  providers: [CreateFolder, DeleteFolder, ListFolders, ReadFolder, UpdateFolder],
})
export class FoldersModule {}
