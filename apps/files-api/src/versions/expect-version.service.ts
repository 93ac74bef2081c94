import type { FilesApiConfig } from '@custody/config';
import { FileVersionsRepository, isOnce, type NewVersion } from '@custody/data';
import { CustodyError, newId, type FileId, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { admit, quotaExceeded, stillAwaited, type UploadIds } from '../uploads/upload-rules.js';
import type { PresignVersionRequest } from './versions.schema.js';

/** The row of a version that is to come, committed before anything is signed for it. */
@Injectable()
export class ExpectVersion {
  constructor(
    private readonly versions: FileVersionsRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * Throws `FILE_NOT_FOUND`, `PAYLOAD_TOO_LARGE`, `STAGING_LIMIT_EXCEEDED`; under a key what `stillAwaited` and `createPendingOnce`
   * throw.
   */
  async execute({ context, userId }: Caller, fileId: FileId, request: PresignVersionRequest): Promise<UploadIds> {
    const { stagingMaxPerTenant, maxSizeBytes } = this.config.uploads;
    const version: NewVersion = {
      versionId: newId<VersionId>(),
      mimeType: admit(request, maxSizeBytes).mimeType,
      declaredMimeType: request.mimeType,
      size: request.size,
      sha256: request.sha256 ?? null,
      createdBy: userId,
    };
    const made = isOnce(context)
      ? await this.versions.createPendingOnce(context, fileId, version, stagingMaxPerTenant)
      : await this.versions.createPending(context, fileId, version, stagingMaxPerTenant);
    if (made === 'no_file') throw new CustodyError('FILE_NOT_FOUND');
    if (made === 'no_place') throw quotaExceeded(stagingMaxPerTenant);
    if (made === 'created') return { fileId, versionId: version.versionId };
    return stillAwaited({ ...made, fileId });
  }
}
