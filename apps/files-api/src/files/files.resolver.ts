import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Inject } from '@nestjs/common';
import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CONFIG } from '../configuration.module.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { CreateListedUrls } from './create-listed-urls.service.js';
import { fileView } from './file-view.js';
import {
  downloadUrlRequestSchema,
  type DownloadUrlRequest,
  type DownloadUrlResponse,
  type FileView,
} from './files.schema.js';
import { ReadFile } from './read-file.service.js';

@Resolver('File')
export class FilesResolver {
  constructor(
    private readonly readFile: ReadFile,
    private readonly createDownloadUrl: CreateDownloadUrl,
    private readonly createListedUrls: CreateListedUrls,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Query()
  @RequireScopes('files:read')
  async file(@CurrentCaller() { context }: Caller, @Args('id', FileIdPipe) fileId: FileId): Promise<FileView> {
    return fileView(await this.readFile.execute(context, fileId), this.config.http.publicUrl);
  }

  @Mutation('createDownloadUrl')
  @RequireScopes('files:export')
  create(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('input', new SchemaPipe(downloadUrlRequestSchema)) request: DownloadUrlRequest,
  ): Promise<DownloadUrlResponse> {
    return this.createDownloadUrl.execute(context, fileId, request);
  }

  @ResolveField()
  @RequireScopes('files:export')
  downloadUrl(@CurrentCaller() { context }: Caller, @Parent() file: FileView): Promise<DownloadUrlResponse | null> {
    return this.createListedUrls.execute(context, file.fileId as FileId);
  }
}
