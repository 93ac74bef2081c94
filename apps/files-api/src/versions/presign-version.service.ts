import type { FilesApiConfig } from '@custody/config';
import { FileVersionsRepository, isOnce, type NewVersion, type StepContext } from '@custody/data';
import { CustodyError, newId, type FileId, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { ReadFile } from '../files/read-file.service.js';
import type { Caller } from '../requests/caller.decorator.js';
import { validated } from '../requests/validation.js';
import { SignUpload } from '../uploads/sign-upload.service.js';
import { admit, quotaExceeded, stillAwaited, type UploadIds } from '../uploads/upload-rules.js';
import type { PresignResponse } from '../uploads/uploads.schema.js';
import { presignVersionRequestSchema } from './versions.schema.js';

/** A new version of a file (M15): the one there is serves until the new one is available. */
@Injectable()
export class PresignVersion {
  constructor(
    private readonly readFile: ReadFile,
    private readonly versions: FileVersionsRepository,
    private readonly sign: SignUpload,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * The body is looked at after the file, so that a file of somebody else answers 404 whatever was sent.
   * Throws `FILE_NOT_FOUND`, `validation-error`, `PAYLOAD_TOO_LARGE`, `STAGING_LIMIT_EXCEEDED`; under a key what `stillAwaited` and
   * `createPendingOnce` throw.
   */
  async execute({ context, userId }: Caller, fileId: FileId, body: unknown): Promise<PresignResponse> {
    await this.readFile.execute(context, fileId);
    const request = validated(presignVersionRequestSchema, body ?? {});
    const version = {
      versionId: newId<VersionId>(),
      mimeType: admit(request, this.config.uploads.maxSizeBytes).mimeType,
      declaredMimeType: request.mimeType,
      size: request.size,
      sha256: request.sha256 ?? null,
      createdBy: userId,
    };
    return this.sign.execute(context, await this.create(context, fileId, version), request);
  }

  private async create(context: StepContext, fileId: FileId, version: NewVersion): Promise<UploadIds> {
    const { stagingMaxPerTenant } = this.config.uploads;
    const made = isOnce(context)
      ? await this.versions.createPendingOnce(context, fileId, version, stagingMaxPerTenant)
      : await this.versions.createPending(context, fileId, version, stagingMaxPerTenant);
    if (made === 'no_file') throw new CustodyError('FILE_NOT_FOUND');
    if (made === 'no_place') throw quotaExceeded(stagingMaxPerTenant);
    if (made === 'created') return { fileId, versionId: version.versionId };
    return stillAwaited({ ...made, fileId });
  }
}
