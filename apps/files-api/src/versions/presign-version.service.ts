import type { FilesApiConfig } from '@custody/config';
import { FileVersionsRepository } from '@custody/data';
import { CustodyError, newId, type FileId, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { ReadFile } from '../files/read-file.service.js';
import type { Caller } from '../requests/caller.decorator.js';
import { validated } from '../requests/validation.js';
import { SignUpload } from '../uploads/sign-upload.service.js';
import { admit, quotaExceeded } from '../uploads/upload-rules.js';
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
   * Throws `FILE_NOT_FOUND`, `validation-error`, `PAYLOAD_TOO_LARGE`, `STAGING_LIMIT_EXCEEDED`.
   */
  async execute({ context, userId }: Caller, fileId: FileId, body: unknown): Promise<PresignResponse> {
    await this.readFile.execute(context, fileId);
    const request = validated(presignVersionRequestSchema, body ?? {});
    const { stagingMaxPerTenant, maxSizeBytes } = this.config.uploads;
    const version = {
      versionId: newId<VersionId>(),
      mimeType: admit(request, maxSizeBytes).mimeType,
      declaredMimeType: request.mimeType,
      size: request.size,
      sha256: request.sha256 ?? null,
      createdBy: userId,
    };
    switch (await this.versions.createPending(context, fileId, version, stagingMaxPerTenant)) {
      case 'no_file':
        throw new CustodyError('FILE_NOT_FOUND');
      case 'no_place':
        throw quotaExceeded(stagingMaxPerTenant);
      case 'created':
        return this.sign.execute(context, { fileId, versionId: version.versionId }, request);
    }
  }
}
