import { RequireScopes, TakesUploadToken } from '@custody/auth';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post } from '@nestjs/common';
import { AbortMultipart } from '../multipart/abort-multipart.service.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { CompleteUploadedParts } from './complete-uploaded-parts.service.js';
import { ListUploadedParts } from './list-uploaded-parts.service.js';
import { SignPart } from './sign-part.service.js';
import { UploadIdPipe, type UploadRef } from './upload-id.js';
import { UPPY_PATHS } from './uppy.controller.js';
import type { CompletedUppyUpload, SignedPart, UploadedParts } from './uppy.schema.js';

/** How it goes on. The `key` that Uppy sends along is not looked at: the row knows it. */
@Controller(UPPY_PATHS.map((path) => `${path}/multipart/:uploadId`))
@RequireScopes('files:write')
@TakesUploadToken()
export class UppyPartsController {
  constructor(
    private readonly listParts: ListUploadedParts,
    private readonly signPart: SignPart,
    private readonly completeParts: CompleteUploadedParts,
    private readonly abortMultipart: AbortMultipart,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(
    @CurrentCaller() { context }: Caller,
    @Param('uploadId', UploadIdPipe) upload: UploadRef,
  ): Promise<UploadedParts> {
    return this.listParts.execute(context, upload);
  }

  @Get(':partNumber')
  @Header('cache-control', 'no-store')
  sign(
    @CurrentCaller() { context }: Caller,
    @Param('uploadId', UploadIdPipe) upload: UploadRef,
    @Param('partNumber') partNumber: string,
  ): Promise<SignedPart> {
    return this.signPart.execute(context, upload, partNumber);
  }

  @Post('complete')
  @HttpCode(200)
  complete(
    @CurrentCaller() { context }: Caller,
    @Param('uploadId', UploadIdPipe) upload: UploadRef,
    @Body() body: unknown,
  ): Promise<CompletedUppyUpload> {
    return this.completeParts.execute(context, upload, body);
  }

  @Delete()
  async abort(
    @CurrentCaller() { context }: Caller,
    @Param('uploadId', UploadIdPipe) { fileId, versionId }: UploadRef,
  ): Promise<object> {
    await this.abortMultipart.execute(context, fileId, versionId);
    return {};
  }
}
