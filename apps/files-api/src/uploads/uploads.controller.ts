import { RequireScopes } from '@custody/auth';
import { statusOf, type FileId } from '@custody/domain';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { CompleteUpload } from './complete-upload.service.js';
import { InitiateUpload } from './initiate-upload.service.js';
import {
  confirmRequestSchema,
  presignRequestSchema,
  type ConfirmRequest,
  type ConfirmResponse,
  type PresignRequest,
  type PresignResponse,
} from './uploads.schema.js';

@Controller('v1/files/presign')
export class UploadsController {
  constructor(
    private readonly initiate: InitiateUpload,
    private readonly complete: CompleteUpload,
  ) {}

  @Creates()
  @Post()
  @RequireScopes('files:write')
  presign(
    @CurrentCaller() caller: Caller,
    @Body({ schema: presignRequestSchema }) request: PresignRequest,
  ): Promise<PresignResponse> {
    return this.initiate.execute(caller, request);
  }

  @Post(':fileId/confirm')
  @HttpCode(200)
  @RequireScopes('files:write')
  async confirm(
    @CurrentCaller() { context }: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Body({ schema: confirmRequestSchema }) details: ConfirmRequest,
  ): Promise<ConfirmResponse> {
    const { state } = await this.complete.execute(context, fileId, details);
    return { fileId, status: statusOf(state) };
  }
}
