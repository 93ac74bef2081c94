import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { fileView } from '../files/file-view.js';
import type { FileView } from '../files/files.schema.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import type { PresignResponse } from '../uploads/uploads.schema.js';
import { ListVersions } from './list-versions.service.js';
import { PresignVersion } from './presign-version.service.js';
import { RestoreVersion } from './restore-version.service.js';
import { listVersionsQuerySchema, type ListVersionsQuery, type VersionList } from './versions.schema.js';

@Controller('v1/files/:fileId/versions')
export class VersionsController {
  constructor(
    private readonly listVersions: ListVersions,
    private readonly presignVersion: PresignVersion,
    private readonly restoreVersion: RestoreVersion,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Get()
  @RequireScopes('files:read')
  @Header('cache-control', 'no-store')
  list(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Query({ schema: listVersionsQuerySchema }) query: ListVersionsQuery,
  ): Promise<VersionList> {
    return this.listVersions.execute(context, fileId, query);
  }

  @Creates()
  @Post('presign')
  @RequireScopes('files:write')
  presign(
    @CurrentCaller() caller: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body() body: unknown,
  ): Promise<PresignResponse> {
    return this.presignVersion.execute(caller, fileId, body);
  }

  @Post(':versionId/restore')
  @HttpCode(200)
  @RequireScopes('files:write')
  async restore(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('versionId') versionId: string,
  ): Promise<FileView> {
    return fileView(await this.restoreVersion.execute(context, fileId, versionId), this.config.http.publicUrl);
  }
}
