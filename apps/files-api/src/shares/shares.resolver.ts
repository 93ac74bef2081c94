import { RequireScopes } from '@custody/auth';
import type { FileId, UserId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { UserIdPipe } from '../requests/id.pipe.js';
import { ListShares } from './list-shares.service.js';
import { ShareFile } from './share-file.service.js';
import { shareView } from './share-view.js';
import { putShareSchema, type PutShareRequest, type ShareView } from './shares.schema.js';
import { UnshareFile } from './unshare-file.service.js';

@Resolver()
export class SharesResolver {
  constructor(
    private readonly listShares: ListShares,
    private readonly share: ShareFile,
    private readonly unshare: UnshareFile,
  ) {}

  @Query()
  @RequireScopes('files:read')
  async shares(@CurrentCaller() { context }: Caller, @Args('fileId', FileIdPipe) fileId: FileId): Promise<ShareView[]> {
    return (await this.listShares.execute(context, fileId)).map(shareView);
  }

  @Mutation()
  @RequireScopes('files:write')
  async shareFile(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('userId', UserIdPipe) userId: UserId,
    @Args(new SchemaPipe(putShareSchema)) request: PutShareRequest,
  ): Promise<ShareView> {
    return shareView(await this.share.execute(context, fileId, userId, request));
  }

  @Mutation()
  @RequireScopes('files:write')
  async unshareFile(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('userId', UserIdPipe) userId: UserId,
  ): Promise<UserId> {
    await this.unshare.execute(context, fileId, userId);
    return userId;
  }
}
