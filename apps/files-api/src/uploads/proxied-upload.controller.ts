import { RequireScopes } from '@custody/auth';
import { Controller, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { validated } from '../requests/validation.js';
import { readForm } from './multipart-form.js';
import { ReceiveUpload, type ReceivedUpload, type StagedFile } from './receive-upload.service.js';
import { uploadFormSchema, type UploadResponse } from './uploads.schema.js';

@Controller('v1/files/upload')
export class ProxiedUploadController {
  constructor(private readonly receive: ReceiveUpload) {}

  @Post()
  @RequireScopes('files:write')
  async upload(@CurrentCaller() caller: Caller, @Req() request: FastifyRequest): Promise<UploadResponse> {
    const { 'content-length': length } = request.headers;
    await this.receive.expect(caller, length === undefined ? null : Number(length));
    const staged: StagedFile[] = [];
    try {
      const { fields, stored } = await readForm(request, async (part) => {
        const file = await this.receive.stage(caller, part);
        staged.push(file);
        return file;
      });
      const form = validated(uploadFormSchema, {
        filename: stored.part.filename ?? '',
        mimeType: stored.part.mimeType,
        ...fields,
      });
      return view(await this.receive.register(caller, stored, form));
    } catch (error) {
      await Promise.all(staged.map((file) => this.receive.discard(file)));
      throw error;
    }
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
