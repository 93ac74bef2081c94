import type { FilesApiConfig } from '@custody/config';
import { isOnce, UploadsRepository } from '@custody/data';
import { newId, type FileId, type Subject, type VersionId } from '@custody/domain';
import { CrashPoints } from '@custody/observability';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { admit, placementOf, quotaExceeded, stillAwaited, type UploadIds } from './upload-rules.js';
import type { PresignRequest } from './uploads.schema.js';

/** The rows of an upload that is to come, committed before anything is signed for it. */
@Injectable()
export class ExpectUpload {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly crashPoints: CrashPoints,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * Throws `PAYLOAD_TOO_LARGE`, `ACCESS_GROUP_NOT_FOUND`, `FOLDER_NOT_FOUND`, `STAGING_LIMIT_EXCEEDED`, `SERVICE_UNAVAILABLE`; under a key what
   * `stillAwaited` and `createPendingOnce` throw.
   */
  async execute({ context, userId }: Caller, request: PresignRequest, subject?: Subject): Promise<UploadIds> {
    const { stagingMaxPerTenant, maxSizeBytes } = this.config.uploads;
    const { mimeType } = admit(request, maxSizeBytes);
    const upload = {
      ...request,
      fileId: newId<FileId>(),
      versionId: newId<VersionId>(),
      mimeType,
      declaredMimeType: request.mimeType,
      sha256: request.sha256 ?? null,
      createdBy: userId,
      placement: placementOf({ ...request, subject }),
    };
    if (isOnce(context)) {
      const made = await this.uploads.createPendingOnce(context, upload, stagingMaxPerTenant);
      if (made === null) throw quotaExceeded(stagingMaxPerTenant);
      await this.crashPoints.reach('before-answer');
      return stillAwaited(made);
    }
    const createdAt = await this.uploads.createPending(context, upload, stagingMaxPerTenant);
    if (createdAt === null) throw quotaExceeded(stagingMaxPerTenant);
    return { fileId: upload.fileId, versionId: upload.versionId };
  }
}
