import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Body, Controller, Get, Head, Header, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { isKnown } from '../requests/entity-tag.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { fileView } from './file-view.js';
import {
  downloadUrlRequestSchema,
  type DownloadUrlRequest,
  type DownloadUrlResponse,
  type FileView,
} from './files.schema.js';
import { ReadFile } from './read-file.service.js';

@Controller('v1/files/:fileId')
export class FilesController {
  constructor(
    private readonly readFile: ReadFile,
    private readonly createDownloadUrl: CreateDownloadUrl,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Get()
  @RequireScopes('files:read')
  @Header('cache-control', 'private, no-cache')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView | undefined> {
    const file = await this.readFile.execute(context, fileId);
    const known = isKnown(file.entityTag, request, reply);
    // Progress moves without the tag: who waits must see it.
    if (known && file.scanProgress !== null) reply.code(200);
    else if (known) return undefined;
    return fileView(file, this.config.http.publicUrl);
  }

  @Head()
  @RequireScopes('files:read')
  @Header('cache-control', 'private, no-cache')
  head(
    @CurrentCaller() caller: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FileView | undefined> {
    return this.read(caller, fileId, request, reply);
  }

  @Post('download-url')
  @HttpCode(200)
  @RequireScopes('files:export')
  @Header('cache-control', 'no-store')
  downloadUrl(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body({ schema: downloadUrlRequestSchema }) request: DownloadUrlRequest,
  ): Promise<DownloadUrlResponse> {
    return this.createDownloadUrl.execute(context, fileId, request);
  }
}
