import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { AbortMultipart } from './abort-multipart.service.js';
import { ListParts } from './list-parts.service.js';
import {
  arrivedPartsArgumentsSchema,
  type ArrivedParts,
  type ListPartsQuery,
  type SignedParts,
} from './multipart.schema.js';
import { SignParts } from './sign-parts.service.js';

@Resolver()
@RequireScopes('files:write')
export class MultipartResolver {
  constructor(
    private readonly list: ListParts,
    private readonly sign: SignParts,
    private readonly abort: AbortMultipart,
  ) {}

  @Query()
  arrivedParts(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args(new SchemaPipe(arrivedPartsArgumentsSchema)) query: ListPartsQuery,
  ): Promise<ArrivedParts> {
    return this.list.execute(context, fileId, query);
  }

  @Mutation()
  signParts(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('partNumbers') partNumbers: readonly number[],
  ): Promise<SignedParts> {
    return this.sign.execute(context, fileId, { partNumbers });
  }

  @Mutation()
  async abortMultipart(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
  ): Promise<FileId> {
    await this.abort.execute(context, fileId);
    return fileId;
  }
}
