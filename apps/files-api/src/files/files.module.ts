import { Module } from '@nestjs/common';
import { ContentController } from './content.controller.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { CreateListedUrls } from './create-listed-urls.service.js';
import { DeleteFile } from './delete-file.service.js';
import { FileChangesController } from './file-changes.controller.js';
import { FileChangesResolver } from './file-changes.resolver.js';
import { FilesController } from './files.controller.js';
import { FilesResolver } from './files.resolver.js';
import { OpenContent } from './open-content.service.js';
import { ReadFile } from './read-file.service.js';
import { RequireAvailable } from './require-available.service.js';
import { RestoreFile } from './restore-file.service.js';
import { UpdateFile } from './update-file.service.js';

@Module({
  controllers: [ContentController, FileChangesController, FilesController],
  providers: [
    CreateDownloadUrl,
    CreateListedUrls,
    DeleteFile,
    FileChangesResolver,
    FilesResolver,
    OpenContent,
    ReadFile,
    RequireAvailable,
    RestoreFile,
    UpdateFile,
  ],
  exports: [ReadFile, RequireAvailable],
})
export class FilesModule {}
