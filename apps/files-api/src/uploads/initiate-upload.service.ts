import type { FilesApiConfig } from '@custody/config';
import { UploadsRepository } from '@custody/data';
import { newId, type FileId, type Subject, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { SignUpload } from './sign-upload.service.js';
import { admit, placementOf, quotaExceeded } from './upload-rules.js';
import type { PresignRequest, PresignResponse } from './uploads.schema.js';

/** Step 1 of the order of writes: the rows first, committed, then the URL (M1, M2). */
@Injectable()
export class InitiateUpload {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly sign: SignUpload,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `PAYLOAD_TOO_LARGE`, `ACCESS_GROUP_NOT_FOUND`, `FOLDER_NOT_FOUND`, `STAGING_LIMIT_EXCEEDED`, `SERVICE_UNAVAILABLE`. */
  async execute({ context, userId }: Caller, request: PresignRequest, subject?: Subject): Promise<PresignResponse> {
    const { stagingMaxPerTenant, maxSizeBytes } = this.config.uploads;
    const { mimeType } = admit(request, maxSizeBytes);
    const ids = { fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const createdAt = await this.uploads.createPending(
      context,
      {
        ...request,
        ...ids,
        mimeType,
        declaredMimeType: request.mimeType,
        sha256: request.sha256 ?? null,
        createdBy: userId,
        placement: placementOf({ ...request, subject }),
      },
      stagingMaxPerTenant,
    );
    if (createdAt === null) throw quotaExceeded(stagingMaxPerTenant);
    return this.sign.execute(context, ids, request);
  }
}
