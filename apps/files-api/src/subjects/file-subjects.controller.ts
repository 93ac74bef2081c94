import { RequireScopes } from '@custody/auth';
import type { FileId, Subject } from '@custody/domain';
import { Controller, Delete, HttpCode, Param, Put } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { LinkSubject } from './link-subject.service.js';
import { subjectPathSchema } from './subject.schema.js';
import { UnlinkSubject } from './unlink-subject.service.js';

@Controller('v1/files/:fileId/subjects/:type/:subjectId')
@RequireScopes('files:write')
export class FileSubjectsController {
  constructor(
    private readonly linkSubject: LinkSubject,
    private readonly unlinkSubject: UnlinkSubject,
  ) {}

  @Put()
  @HttpCode(204)
  async link(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param({ schema: subjectPathSchema }) subject: Subject,
  ): Promise<void> {
    await this.linkSubject.execute(context, fileId, subject);
  }

  @Delete()
  @HttpCode(204)
  async unlink(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param({ schema: subjectPathSchema }) subject: Subject,
  ): Promise<void> {
    await this.unlinkSubject.execute(context, fileId, subject);
  }
}
