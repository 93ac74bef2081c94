import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { DecideHeld } from './decide-held.service.js';

@Resolver()
@RequireScopes('files:admin')
export class HeldVersionsResolver {
  constructor(private readonly decideHeld: DecideHeld) {}

  @Mutation()
  async releaseVersion(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('versionId') versionId: string,
    @Args('reason') reason: string,
  ): Promise<string> {
    await this.decideHeld.execute(context, fileId, versionId, 'release', { reason });
    return versionId;
  }

  @Mutation()
  async rejectVersion(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('versionId') versionId: string,
    @Args('reason') reason: string,
  ): Promise<string> {
    await this.decideHeld.execute(context, fileId, versionId, 'reject', { reason });
    return versionId;
  }
}
