import type { FilesApiConfig } from '@custody/config';
import { isOnce, UploadsRepository, type StepContext } from '@custody/data';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { formFingerprint } from './form-fingerprint.js';
import { readForm } from './multipart-form.js';
import { RegisterUpload, type ReceivedUpload } from './register-upload.service.js';
import { StageUpload, type StagedFile } from './stage-upload.service.js';
import { uploadFormOf } from './upload-form.js';
import { proxiedLimit, quotaExceeded, tooLarge } from './upload-rules.js';

/**
 * The proxied upload (M4): the bytes go straight to staging; rows follow when the whole form is known to be good. A failure takes its
 * bytes away again.
 */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly staging: StageUpload,
    private readonly register: RegisterUpload,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `validation-error`, `PAYLOAD_TOO_LARGE`, `STAGING_LIMIT_EXCEEDED`, `EMPTY_FILE` and what confirm throws. */
  async execute(caller: Caller, request: FastifyRequest): Promise<ReceivedUpload> {
    const { 'content-length': length } = request.headers;
    await this.expect(caller, length === undefined ? null : Number(length));
    const staged: StagedFile[] = [];
    try {
      const { fields, stored } = await readForm(request, async (part) => {
        const file = await this.staging.stage(caller.context, part);
        staged.push(file);
        return file;
      });
      const form = uploadFormOf(fields, stored.part);
      const context = underBody(caller.context, formFingerprint(fields, stored));
      return await this.register.execute({ ...caller, context }, stored, form);
    } catch (error) {
      await Promise.all(staged.map((file) => this.staging.discard(file)));
      throw error;
    }
  }

  /** Spares a tenant without a free place, or with too large a body, the transfer; advice only, `register` decides. */
  private async expect({ context }: Caller, contentLength: number | null): Promise<void> {
    const { stagingMaxPerTenant } = this.config.uploads;
    const maxSizeBytes = proxiedLimit(this.config.uploads);
    // The form around the file adds a little; the count of bytes is exact.
    if ((contentLength ?? 0) > maxSizeBytes + 1024 ** 2) throw tooLarge(maxSizeBytes);
    if ((await this.uploads.countPending(context)) >= stagingMaxPerTenant) throw quotaExceeded(stagingMaxPerTenant);
  }
}

/** The key belongs to what the whole form was, which nobody knew when it was claimed. */
function underBody(context: StepContext, fingerprint: string): StepContext {
  return isOnce(context) ? { ...context, once: { ...context.once, fingerprint } } : context;
}
