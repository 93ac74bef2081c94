import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { DecideHeld } from './decide-held.service.js';

@Controller('v1/files/:fileId/versions/:versionId')
export class HeldVersionsController {
  constructor(private readonly decideHeld: DecideHeld) {}

  @Post('release')
  @HttpCode(204)
  @RequireScopes('files:admin')
  release(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('versionId') versionId: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.decideHeld.execute(context, fileId, versionId, 'release', body);
  }

  @Post('reject')
  @HttpCode(204)
  @RequireScopes('files:admin')
  reject(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('versionId') versionId: string,
    @Body() body: unknown,
  ): Promise<void> {
    return this.decideHeld.execute(context, fileId, versionId, 'reject', body);
  }
}
