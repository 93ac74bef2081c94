import type { FilesApiConfig } from '@custody/config';
import { ConfirmUpload } from '@custody/confirm';
import { isOnce, UploadsRepository, type NewUpload } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { CrashPoints } from '@custody/observability';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import type { ReceivedFile, StagedFile } from './stage-upload.service.js';
import { admit, placementOf, proxiedLimit, quotaExceeded, type UploadIds } from './upload-rules.js';
import type { UploadForm } from './uploads.schema.js';

/** A registered proxied upload on its way to the scan. */
export interface ReceivedUpload {
  readonly upload: NewUpload;
  readonly createdAt: Date;
}

/** Whose rows a repeated request is about. */
export interface RegisteredUpload extends UploadIds {
  readonly createdAt: Date;
}

/** The rows of a proxied upload whose bytes are in staging, then the same confirm as everywhere. */
@Injectable()
export class RegisterUpload {
  private readonly log = new Logger(RegisterUpload.name);

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly confirm: ConfirmUpload,
    private readonly crashPoints: CrashPoints,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Creates the rows and confirms. Throws what initiate and confirm throw; then the file is gone again. */
  async execute(caller: Caller, staged: StagedFile, form: UploadForm): Promise<ReceivedUpload> {
    const upload = this.toUpload(caller, staged, staged, form);
    const createdAt = await this.create(caller, upload);
    await this.crashPoints.reach('before-confirm');
    try {
      await this.confirm.execute(caller.context, upload.fileId, upload.versionId);
    } catch (error) {
      await this.withdraw(caller, upload, error);
      throw error;
    }
    return { upload, createdAt };
  }

  /** What `execute` answered the first time, a refusal included; finishes what a crash has left undone. */
  async repeat(
    caller: Caller,
    registered: RegisteredUpload,
    file: ReceivedFile,
    form: UploadForm,
  ): Promise<ReceivedUpload> {
    const upload = this.toUpload(caller, registered, file, form);
    try {
      await this.confirm.execute(caller.context, upload.fileId, upload.versionId);
    } catch (error) {
      const isLost = error instanceof CustodyError && error.code === 'UPLOAD_NOT_FOUND';
      if (!isLost) throw error;
      // The first request failed between its commit and its answer, and took its bytes away.
      await this.uploads.withdraw(caller.context, upload);
      throw new CustodyError('SERVICE_UNAVAILABLE', 'The first upload was lost; send it again.', { retryAfterSec: 1 });
    }
    return { upload, createdAt: registered.createdAt };
  }

  private async create({ context }: Caller, upload: NewUpload): Promise<Date> {
    const { stagingMaxPerTenant } = this.config.uploads;
    const createdAt = isOnce(context)
      ? (await this.uploads.createPendingOnce(context, upload, stagingMaxPerTenant))?.createdAt
      : await this.uploads.createPending(context, upload, stagingMaxPerTenant);
    if (createdAt === null || createdAt === undefined) throw quotaExceeded(stagingMaxPerTenant);
    return createdAt;
  }

  private toUpload(
    { userId }: Caller,
    { fileId, versionId }: UploadIds,
    { size, part }: ReceivedFile,
    form: UploadForm,
  ): NewUpload {
    const declaredMimeType = form.mimeType ?? part.mimeType;
    if (size === 0) throw new CustodyError('EMPTY_FILE');
    const { mimeType } = admit(
      { mimeType: declaredMimeType, size, multipart: true },
      proxiedLimit(this.config.uploads),
    );
    const { bucket, metadata, sha256 = null } = form;
    const filename = form.filename ?? part.filename ?? '';
    return {
      fileId,
      versionId,
      bucket,
      filename,
      mimeType,
      declaredMimeType,
      size,
      sha256,
      metadata,
      createdBy: userId,
      placement: placementOf(form),
    };
  }

  /** A refused version stays as a record of why; after an outage the client was told no, so nothing may come of it later. */
  private async withdraw({ context }: Caller, upload: UploadIds, error: unknown): Promise<void> {
    if (error instanceof CustodyError && !error.code.endsWith('_UNAVAILABLE')) return;
    await this.uploads
      .withdraw(context, upload)
      .catch((failure: unknown) => this.log.warn(`an unfinished upload is left to expire: ${String(failure)}`));
  }
}
