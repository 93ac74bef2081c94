import { Module } from '@nestjs/common';
import { ContentController } from './content.controller.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { DeleteFile } from './delete-file.service.js';
import { FileChangesController } from './file-changes.controller.js';
import { FilesController } from './files.controller.js';
import { OpenContent } from './open-content.service.js';
import { ReadFile } from './read-file.service.js';
import { RestoreFile } from './restore-file.service.js';
import { UpdateFile } from './update-file.service.js';

@Module({
  controllers: [ContentController, FileChangesController, FilesController],
  providers: [CreateDownloadUrl, DeleteFile, OpenContent, ReadFile, RestoreFile, UpdateFile],
  exports: [ReadFile],
})
export class FilesModule {}
