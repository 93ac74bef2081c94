import { Module } from '@nestjs/common';
import { FilesModule } from '../files/files.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { DecideHeld } from './decide-held.service.js';
import { ExpectVersion } from './expect-version.service.js';
import { FileVersionsResolver } from './file-versions.resolver.js';
import { HeldVersionsController } from './held-versions.controller.js';
import { HeldVersionsResolver } from './held-versions.resolver.js';
import { ListVersions } from './list-versions.service.js';
import { PresignVersion } from './presign-version.service.js';
import { RestoreVersion } from './restore-version.service.js';
import { VersionsController } from './versions.controller.js';
import { VersionsResolver } from './versions.resolver.js';

@Module({
  imports: [FilesModule, UploadsModule],
  controllers: [VersionsController, HeldVersionsController],
  providers: [
    DecideHeld,
    ExpectVersion,
    FileVersionsResolver,
    HeldVersionsResolver,
    ListVersions,
    PresignVersion,
    RestoreVersion,
    VersionsResolver,
  ],
  exports: [ExpectVersion],
})
export class VersionsModule {}
