import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CreateThumbnailUrl } from './create-thumbnail-url.service.js';
import { thumbnailQuerySchema, type ThumbnailQuery, type ThumbnailUrl } from './thumbnails.schema.js';

@Controller('v1/files/:fileId/thumbnail-url')
export class ThumbnailsController {
  constructor(private readonly createThumbnailUrl: CreateThumbnailUrl) {}

  @Get()
  @RequireScopes('files:export')
  @Header('cache-control', 'no-store')
  url(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Query({ schema: thumbnailQuerySchema }) query: ThumbnailQuery,
  ): Promise<ThumbnailUrl> {
    return this.createThumbnailUrl.execute(context, fileId, query);
  }
}
