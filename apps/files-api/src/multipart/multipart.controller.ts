import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { AbortMultipart } from './abort-multipart.service.js';
import { ListParts } from './list-parts.service.js';
import { listPartsQuerySchema, type ArrivedParts, type ListPartsQuery, type SignedParts } from './multipart.schema.js';
import { SignParts } from './sign-parts.service.js';

@Controller('v1/files/:fileId/multipart')
export class MultipartController {
  constructor(
    private readonly listParts: ListParts,
    private readonly signParts: SignParts,
    private readonly abortMultipart: AbortMultipart,
  ) {}

  @Get()
  @RequireScopes('files:write')
  @Header('cache-control', 'no-store')
  list(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Query({ schema: listPartsQuerySchema }) query: ListPartsQuery,
  ): Promise<ArrivedParts> {
    return this.listParts.execute(context, fileId, query);
  }

  @Post('parts')
  @HttpCode(200)
  @RequireScopes('files:write')
  @Header('cache-control', 'no-store')
  sign(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body() body: unknown,
  ): Promise<SignedParts> {
    return this.signParts.execute(context, fileId, body);
  }

  @Delete()
  @HttpCode(204)
  @RequireScopes('files:write')
  abort(@CurrentCaller() { context }: Caller, @Param('fileId', FileIdPipe) fileId: FileId): Promise<void> {
    return this.abortMultipart.execute(context, fileId);
  }
}
