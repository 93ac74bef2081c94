import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { RequestRescan } from './request-rescan.service.js';
import type { RequestedRescanView } from './rescans.schema.js';

@Controller('v1/files/:fileId')
@RequireScopes('files:admin')
export class FileRescansController {
  constructor(private readonly requestRescan: RequestRescan) {}

  @Post('rescan')
  @HttpCode(202)
  file(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body() body: unknown,
  ): Promise<RequestedRescanView> {
    return this.requestRescan.execute(context, fileId, null, body);
  }

  @Post('versions/:versionId/rescan')
  @HttpCode(202)
  version(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('versionId') versionId: string,
    @Body() body: unknown,
  ): Promise<RequestedRescanView> {
    return this.requestRescan.execute(context, fileId, versionId, body);
  }
}
