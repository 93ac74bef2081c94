import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { FileView } from '../files/files.schema.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CreateListedThumbnails } from './create-listed-thumbnails.service.js';
import { CreateThumbnailUrl } from './create-thumbnail-url.service.js';
import { thumbnailArgumentsSchema, type ThumbnailQuery, type ThumbnailUrl } from './thumbnails.schema.js';

@Resolver('File')
export class ThumbnailsResolver {
  constructor(
    private readonly createThumbnailUrl: CreateThumbnailUrl,
    private readonly createListed: CreateListedThumbnails,
  ) {}

  @Query('thumbnailUrl')
  @RequireScopes('files:export')
  one(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args(new SchemaPipe(thumbnailArgumentsSchema)) query: ThumbnailQuery,
  ): Promise<ThumbnailUrl> {
    return this.createThumbnailUrl.execute(context, fileId, query);
  }

  @ResolveField()
  @RequireScopes('files:export')
  thumbnailUrl(
    @CurrentCaller() { context }: Caller,
    @Parent() { fileId }: FileView,
    @Args(new SchemaPipe(thumbnailArgumentsSchema)) query: ThumbnailQuery,
  ): Promise<ThumbnailUrl | null> {
    return this.createListed.execute(context, fileId as FileId, query);
  }
}
