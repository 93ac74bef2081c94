import { RequireScopes } from '@custody/auth';
import type { Subject } from '@custody/domain';
import { Body, Controller, Get, Header, Param, Post, Query } from '@nestjs/common';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { pageRequestSchema, type Page, type PageRequest } from '../requests/page.js';
import { InitiateUpload } from '../uploads/initiate-upload.service.js';
import { presignRequestSchema, type PresignRequest, type PresignResponse } from '../uploads/uploads.schema.js';
import { ListSubjectFiles } from './list-subject-files.service.js';
import { subjectPathSchema } from './subject.schema.js';
import type { SubjectFileView } from './subjects.schema.js';

@Controller('v1/subjects/:type/:subjectId')
export class SubjectsController {
  constructor(
    private readonly listFiles: ListSubjectFiles,
    private readonly initiate: InitiateUpload,
  ) {}

  @Get('files')
  @RequireScopes('files:read')
  @Header('cache-control', 'no-store')
  files(
    @CurrentCaller() { context }: Caller,
    @Param({ schema: subjectPathSchema }) subject: Subject,
    @Query({ schema: pageRequestSchema }) page: PageRequest,
  ): Promise<Page<SubjectFileView>> {
    return this.listFiles.execute(context, subject, page);
  }

  @Creates()
  @Post('presign')
  @RequireScopes('files:write')
  presign(
    @CurrentCaller() caller: Caller,
    @Param({ schema: subjectPathSchema }) subject: Subject,
    @Body({ schema: presignRequestSchema }) request: PresignRequest,
  ): Promise<PresignResponse> {
    return this.initiate.execute(caller, request, subject);
  }
}
