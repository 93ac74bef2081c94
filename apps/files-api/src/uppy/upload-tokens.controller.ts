import { CurrentActor, RequireScopes, type Actor } from '@custody/auth';
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { CreateUploadToken } from './create-upload-token.service.js';
import { uploadTokenRequestSchema, type UploadTokenAnswer, type UploadTokenRequest } from './upload-tokens.schema.js';

@Controller('v1/uploads/tokens')
export class UploadTokensController {
  constructor(private readonly createToken: CreateUploadToken) {}

  @Post()
  @HttpCode(200)
  @RequireScopes('files:write')
  @Header('cache-control', 'no-store')
  create(
    @CurrentCaller() { context }: Caller,
    @CurrentActor() actor: Actor,
    @Body({ schema: uploadTokenRequestSchema }) request: UploadTokenRequest,
  ): Promise<UploadTokenAnswer> {
    return this.createToken.execute(context, actor, request);
  }
}
