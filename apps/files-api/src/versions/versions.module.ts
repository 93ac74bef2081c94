import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { ListVersions } from './list-versions.service.js';
import { PresignVersion } from './presign-version.service.js';
import { RestoreVersion } from './restore-version.service.js';
import { VersionsController } from './versions.controller.js';

@Module({
  imports: [FilesModule, UploadsModule],
  controllers: [VersionsController],
  providers: [ListVersions, PresignVersion, RestoreVersion],
})
export class VersionsModule {}
