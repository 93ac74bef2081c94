import type { FilesApiConfig } from '@custody/config';
import { FilesRepository, FileVersionsRepository, type ServedVersion, type StepContext } from '@custody/data';
import { asId, CustodyError, type FileId, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { DownloadUrlRequest, DownloadUrlResponse } from './files.schema.js';
import { RequireAvailable } from './require-available.service.js';
import { servedAs } from './served-as.js';

/** A presigned URL, fresh at every call and written to the audit log before it exists (M26, M37). */
@Injectable()
export class CreateDownloadUrl {
  constructor(
    private readonly files: FilesRepository,
    private readonly versions: FileVersionsRepository,
    private readonly store: ObjectStore,
    private readonly requireAvailable: RequireAvailable,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `FILE_NOT_FOUND` (for a version too), `FILE_WITHDRAWN`, `FILE_NOT_AVAILABLE`, and `validation-error` for a longer life than configured. */
  async execute(context: StepContext, fileId: FileId, request: DownloadUrlRequest): Promise<DownloadUrlResponse> {
    const { attachment, versionId, expiresIn = this.config.downloads.expirySec } = request;
    this.refuseLongerThanConfigured(expiresIn);
    const detail = { expiresIn, attachment: attachment ?? null };
    const { file, key } = await this.requireAvailable.execute(
      context,
      await this.grant(context, fileId, versionId, detail),
    );
    const { url, expiresAt } = await this.store.presignGet({
      key,
      expiresInSec: expiresIn,
      ...servedAs(file, attachment),
    });
    return { url, expiresAt: expiresAt.toISOString(), expiresIn };
  }

  private grant(
    context: StepContext,
    fileId: FileId,
    versionId: string | undefined,
    detail: Record<string, unknown>,
  ): Promise<ServedVersion | null> {
    if (versionId === undefined) return this.files.grantDownload(context, fileId, detail);
    return this.versions.grantDownload(context, fileId, asId<VersionId>(versionId), detail);
  }

  private refuseLongerThanConfigured(expiresIn: number): void {
    const { expirySec } = this.config.downloads;
    if (expiresIn <= expirySec) return;
    const errors = [{ pointer: '/expiresIn', message: `must not be more than ${expirySec}` }];
    throw new CustodyError('validation-error', undefined, { errors });
  }
}
