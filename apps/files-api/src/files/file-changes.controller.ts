import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileRecord } from '@custody/data';
import type { FileId } from '@custody/domain';
import { Body, Controller, Delete, Headers, HttpCode, Inject, Param, Patch, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { DeleteFile } from './delete-file.service.js';
import { fileView } from './file-view.js';
import { fileChangesSchema, type FileChangesRequest, type FileView } from './files.schema.js';
import { RestoreFile } from './restore-file.service.js';
import { UpdateFile } from './update-file.service.js';

@Controller('v1/files/:fileId')
@RequireScopes('files:write')
export class FileChangesController {
  constructor(
    private readonly updateFile: UpdateFile,
    private readonly deleteFile: DeleteFile,
    private readonly restoreFile: RestoreFile,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Patch()
  async update(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body({ schema: fileChangesSchema }) changes: FileChangesRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView> {
    return this.show(await this.updateFile.execute(context, fileId, changes, ifMatch), reply);
  }

  @Delete()
  @HttpCode(204)
  async delete(@CurrentCaller() { context }: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<void> {
    await this.deleteFile.execute(context, fileId);
  }

  @Post('restore')
  @HttpCode(200)
  async restore(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView> {
    return this.show(await this.restoreFile.execute(context, fileId), reply);
  }

  private show(file: FileRecord, reply: FastifyReply): FileView {
    reply.header('etag', `"${file.entityTag}"`);
    return fileView(file, this.config.http.publicUrl);
  }
}
