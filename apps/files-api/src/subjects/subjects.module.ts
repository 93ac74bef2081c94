import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { FileSubjectsController } from './file-subjects.controller.js';
import { LinkSubject } from './link-subject.service.js';
import { ListSubjectFiles } from './list-subject-files.service.js';
import { SubjectsController } from './subjects.controller.js';
import { UnlinkSubject } from './unlink-subject.service.js';

@Module({
  imports: [UploadsModule],
  controllers: [FileSubjectsController, SubjectsController],
  providers: [LinkSubject, ListSubjectFiles, UnlinkSubject],
})
export class SubjectsModule {}
