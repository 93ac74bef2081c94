import { Module } from '@nestjs/common';
import { ContentController } from './content.controller.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { DeleteFile } from './delete-file.service.js';
import { FilesController } from './files.controller.js';
import { OpenContent } from './open-content.service.js';
import { ReadFile } from './read-file.service.js';

@Module({
  controllers: [ContentController, FilesController],
  providers: [CreateDownloadUrl, DeleteFile, OpenContent, ReadFile],
  exports: [ReadFile],
})
export class FilesModule {}
