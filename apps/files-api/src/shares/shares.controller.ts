import { RequireScopes } from '@custody/auth';
import type { FileId, UserId } from '@custody/domain';
import { Body, Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { UserIdPipe } from '../requests/id.pipe.js';
import { ListShares } from './list-shares.service.js';
import { ShareFile } from './share-file.service.js';
import { shareView } from './share-view.js';
import { putShareSchema, type PutShareRequest, type SharesView, type ShareView } from './shares.schema.js';
import { UnshareFile } from './unshare-file.service.js';

@Controller('v1/files/:fileId/shares')
export class SharesController {
  constructor(
    private readonly shareFile: ShareFile,
    private readonly listShares: ListShares,
    private readonly unshareFile: UnshareFile,
  ) {}

  @Get()
  @RequireScopes('files:read')
  async list(@CurrentCaller() { context }: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<SharesView> {
    return { items: (await this.listShares.execute(context, fileId)).map(shareView) };
  }

  @Put(':userId')
  @RequireScopes('files:write')
  async put(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('userId', UserIdPipe) userId: UserId,
    @Body({ schema: putShareSchema }) request: PutShareRequest,
  ): Promise<ShareView> {
    return shareView(await this.shareFile.execute(context, fileId, userId, request));
  }

  @Delete(':userId')
  @HttpCode(204)
  @RequireScopes('files:write')
  async delete(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Param('userId', UserIdPipe) userId: UserId,
  ): Promise<void> {
    await this.unshareFile.execute(context, fileId, userId);
  }
}
