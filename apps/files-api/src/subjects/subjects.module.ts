import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AttachFileHandler } from './attach-file.handler.js';
import { AttachFile } from './attach-file.service.js';
import { FileSubjectsController } from './file-subjects.controller.js';
import { LinkSubject } from './link-subject.service.js';
import { ListSubjectFiles } from './list-subject-files.service.js';
import { SubjectsController } from './subjects.controller.js';
import { UnlinkSubject } from './unlink-subject.service.js';
import { SubjectsResolver } from './subjects.resolver.js';

@Module({
  imports: [UploadsModule],
  controllers: [AttachFileHandler, FileSubjectsController, SubjectsController],
  providers: [AttachFile, LinkSubject, ListSubjectFiles, SubjectsResolver, UnlinkSubject],
})
export class SubjectsModule {}
