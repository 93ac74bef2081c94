import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Body, Controller, Delete, Get, Head, Header, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CreateDownloadUrl } from './create-download-url.service.js';
import { DeleteFile } from './delete-file.service.js';
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
    private readonly deleteFile: DeleteFile,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Get()
  @RequireScopes('files:read')
  @Header('cache-control', 'no-store')
  async read(@CurrentCaller() { context }: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<FileView> {
    return fileView(await this.readFile.execute(context, fileId), this.config.http.publicUrl);
  }

  @Head()
  @RequireScopes('files:read')
  @Header('cache-control', 'no-store')
  head(@CurrentCaller() caller: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<FileView> {
    return this.read(caller, fileId);
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

  @Delete()
  @HttpCode(204)
  @RequireScopes('files:write')
  async delete(@CurrentCaller() { context }: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<void> {
    await this.deleteFile.execute(context, fileId);
  }
}
