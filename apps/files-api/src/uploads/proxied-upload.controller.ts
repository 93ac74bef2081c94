import { RequireScopes } from '@custody/auth';
import { isOnce } from '@custody/data';
import { Controller, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { ReceiveOnce } from './receive-once.service.js';
import { ReceiveUpload } from './receive-upload.service.js';
import type { ReceivedUpload } from './register-upload.service.js';
import type { UploadResponse } from './uploads.schema.js';

@Controller('v1/files/upload')
export class ProxiedUploadController {
  constructor(
    private readonly receive: ReceiveUpload,
    private readonly receiveOnce: ReceiveOnce,
  ) {}

  @Creates()
  @Post()
  @RequireScopes('files:write')
  async upload(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<UploadResponse> {
    const { context } = caller;
    return view(
      isOnce(context)
        ? await this.receiveOnce.execute(caller, context, request)
        : await this.receive.execute(caller, request),
    );
  }
}

function view({ upload, createdAt }: ReceivedUpload): UploadResponse {
  const { fileId, versionId, filename, mimeType, size, bucket, createdBy } = upload;
  return {
    fileId,
    versionId,
    filename,
    mimeType,
    size,
    bucket,
    status: 'pending_scan',
    url: null,
    createdAt: createdAt.toISOString(),
    uploadedBy: createdBy,
  };
}
