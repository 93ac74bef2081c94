import type { FilesApiConfig } from '@custody/config';
import { isOnce, UploadsRepository, type NewUpload, type StepContext } from '@custody/data';
import { newId, type FileId, type Subject, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { SignUpload } from './sign-upload.service.js';
import { admit, placementOf, quotaExceeded, stillAwaited, type UploadIds } from './upload-rules.js';
import type { PresignRequest, PresignResponse } from './uploads.schema.js';

/** Step 1 of the order of writes: the rows first, committed, then the URL (M1, M2). */
@Injectable()
export class InitiateUpload {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly sign: SignUpload,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * Throws `PAYLOAD_TOO_LARGE`, `ACCESS_GROUP_NOT_FOUND`, `FOLDER_NOT_FOUND`, `STAGING_LIMIT_EXCEEDED`, `SERVICE_UNAVAILABLE`; under a key what
   * `stillAwaited` and `createPendingOnce` throw. The URL is signed anew for a replay: none is ever stored.
   */
  async execute({ context, userId }: Caller, request: PresignRequest, subject?: Subject): Promise<PresignResponse> {
    const { mimeType } = admit(request, this.config.uploads.maxSizeBytes);
    const ids = await this.create(context, {
      ...request,
      fileId: newId<FileId>(),
      versionId: newId<VersionId>(),
      mimeType,
      declaredMimeType: request.mimeType,
      sha256: request.sha256 ?? null,
      createdBy: userId,
      placement: placementOf({ ...request, subject }),
    });
    return this.sign.execute(context, ids, request);
  }

  private async create(context: StepContext, upload: NewUpload): Promise<UploadIds> {
    const { stagingMaxPerTenant } = this.config.uploads;
    if (isOnce(context)) {
      const made = await this.uploads.createPendingOnce(context, upload, stagingMaxPerTenant);
      if (made === null) throw quotaExceeded(stagingMaxPerTenant);
      return stillAwaited(made);
    }
    const createdAt = await this.uploads.createPending(context, upload, stagingMaxPerTenant);
    if (createdAt === null) throw quotaExceeded(stagingMaxPerTenant);
    return { fileId: upload.fileId, versionId: upload.versionId };
  }
}
