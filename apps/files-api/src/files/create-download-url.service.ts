import type { FilesApiConfig } from '@custody/config';
import { FilesRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { available } from './available.js';
import type { DownloadUrlRequest, DownloadUrlResponse } from './files.schema.js';
import { servedAs } from './served-as.js';

/** A presigned URL, fresh at every call and written to the audit log before it exists (M26, M37). */
@Injectable()
export class CreateDownloadUrl {
  constructor(
    private readonly files: FilesRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `FILE_NOT_AVAILABLE`, and `validation-error` for a longer life than configured. */
  async execute(context: StepContext, fileId: FileId, request: DownloadUrlRequest): Promise<DownloadUrlResponse> {
    const { attachment, expiresIn = this.config.downloads.expirySec } = request;
    this.refuseLongerThanConfigured(expiresIn);
    const detail = { expiresIn, attachment: attachment ?? null };
    const { file, key } = available(await this.files.grantDownload(context, fileId, detail));
    const { url, expiresAt } = await this.store.presignGet({
      key,
      expiresInSec: expiresIn,
      ...servedAs(file, attachment),
    });
    return { url, expiresAt: expiresAt.toISOString(), expiresIn };
  }

  private refuseLongerThanConfigured(expiresIn: number): void {
    const { expirySec } = this.config.downloads;
    if (expiresIn <= expirySec) return;
    const errors = [{ pointer: '/expiresIn', message: `must not be more than ${expirySec}` }];
    throw new CustodyError('validation-error', undefined, { errors });
  }
}
