import type { FilesApiConfig } from '@custody/config';
import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { RequireAvailable } from '../files/require-available.service.js';
import { signThumbnail } from './sign-thumbnail.js';
import type { ThumbnailQuery, ThumbnailUrl } from './thumbnails.schema.js';

const NOT_READY_RETRY_SEC = 2;

/** A presigned URL to a thumbnail of the version that speaks for a file (M25), audited like any other (M37). */
@Injectable()
export class CreateThumbnailUrl {
  constructor(
    private readonly files: FilesRepository,
    private readonly store: ObjectStore,
    private readonly requireAvailable: RequireAvailable,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `FILE_WITHDRAWN`, `FILE_NOT_AVAILABLE`; `THUMBNAIL_NOT_READY` and `NO_THUMBNAIL` name the original. */
  async execute(context: StepContext, fileId: FileId, { size, format }: ThumbnailQuery): Promise<ThumbnailUrl> {
    const { expirySec } = this.config.downloads;
    const file = await this.files.grantThumbnail(context, fileId, size, { size, format, expiresIn: expirySec });
    await this.requireAvailable.execute(context, file);
    if (file === null) throw new CustodyError('FILE_NOT_FOUND');
    if (!file.thumbnails.includes(size)) throw this.missing(file);
    return signThumbnail(this.store, file, { size, format }, expirySec);
  }

  private missing({ fileId, derivation, derivationStatus, derivationReason }: FileRecord): CustodyError {
    const original = `${this.config.http.publicUrl}/v1/files/${fileId}/content`;
    if (derivation !== null && derivationStatus === null)
      return new CustodyError('THUMBNAIL_NOT_READY', undefined, { original, retryAfterSec: NOT_READY_RETRY_SEC });
    const detail =
      derivationReason === null ? 'None are made of this type.' : `None could be made: ${derivationReason}.`;
    return new CustodyError('NO_THUMBNAIL', detail, { original });
  }
}
