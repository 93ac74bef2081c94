import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AttachFileHandler } from './attach-file.handler.js';
import { AttachFile } from './attach-file.service.js';
import { FileSubjectsController } from './file-subjects.controller.js';
import { LinkSubject } from './link-subject.service.js';
import { ListSubjectFiles } from './list-subject-files.service.js';
import { SubjectsController } from './subjects.controller.js';
import { UnlinkSubject } from './unlink-subject.service.js';

@Module({
  imports: [UploadsModule],
  controllers: [AttachFileHandler, FileSubjectsController, SubjectsController],
  providers: [AttachFile, LinkSubject, ListSubjectFiles, UnlinkSubject],
})
export class SubjectsModule {}
