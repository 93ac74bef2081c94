import { RequireScopes, TakesUploadToken } from '@custody/auth';
import { Body, Controller, Get, Header, Headers, Post, Query } from '@nestjs/common';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { CreateParts } from './create-parts.service.js';
import { PresignSingle } from './presign-single.service.js';
import { uploadOfBody, uploadOfQuery } from './read-upload.js';
import type { CreatedParts, UploadParameters } from './uppy.schema.js';

/** Under the second path the token in it stands for the bearer token. */
export const UPPY_PATHS = ['uppy/s3', 'uppy/t/:token/s3'];

/** How an upload of Uppy begins; paths and shapes are those of its Companion. */
@Controller(UPPY_PATHS)
@RequireScopes('files:write')
@TakesUploadToken()
export class UppyController {
  constructor(
    private readonly presignSingle: PresignSingle,
    private readonly createParts: CreateParts,
  ) {}

  @Get('params')
  @Header('cache-control', 'no-store')
  params(
    @CurrentCaller() caller: Caller,
    @Query() query: Record<string, unknown>,
    @Headers('accept') accept = '',
  ): Promise<UploadParameters> {
    // The one thing that tells the majors apart: version 5 names the type it accepts, version 6 leaves that to the browser.
    const way = /\bapplication\/json\b/i.test(accept) ? 'PUT' : 'POST';
    return this.presignSingle.execute(caller, uploadOfQuery(query), way);
  }

  @Creates()
  @Post('multipart')
  create(@CurrentCaller() caller: Caller, @Body() body: unknown): Promise<CreatedParts> {
    return this.createParts.execute(caller, uploadOfBody(body));
  }
}
