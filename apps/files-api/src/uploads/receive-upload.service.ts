import { pipeline } from 'node:stream/promises';
import type { FilesApiConfig } from '@custody/config';
import { ConfirmUpload } from '@custody/confirm';
import { FilesRepository, UploadsRepository, type NewUpload } from '@custody/data';
import {
  CustodyError,
  newId,
  OCTET_STREAM,
  SINGLE_PUT_MAX_BYTES,
  stagingKey,
  type FileId,
  type VersionId,
} from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { CountBytes } from './count-bytes.js';
import type { FilePart } from './multipart-form.js';
import { admit, placementOf, quotaExceeded, tooLarge } from './upload-rules.js';
import type { UploadForm } from './uploads.schema.js';

/** Bytes in staging under ids that no row has yet. */
export interface StagedFile {
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly key: string;
  readonly size: number;
  readonly part: FilePart;
}

/** A registered proxied upload on its way to the scan. */
export interface ReceivedUpload {
  readonly upload: NewUpload;
  readonly createdAt: Date;
}

/**
 * The proxied upload (M4): the bytes go straight to staging and are never collected; rows follow when the whole form
 * is known to be good, then the same confirm as everywhere. A failure takes its bytes away again; what a crash leaves
 * has no row and is the reaper's.
 */
@Injectable()
export class ReceiveUpload {
  private readonly log = new Logger(ReceiveUpload.name);

  constructor(
    private readonly uploads: UploadsRepository,
    private readonly files: FilesRepository,
    private readonly store: ObjectStore,
    private readonly confirm: ConfirmUpload,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Bytes. What is longer goes straight to the store, in parts that can be repeated. */
  private get limit(): number {
    return Math.min(this.config.uploads.maxSizeBytes, SINGLE_PUT_MAX_BYTES);
  }

  /** Spares a tenant without a free place, or with too large a body, the transfer; advice only, `register` decides. */
  async expect({ context }: Caller, contentLength: number | null): Promise<void> {
    const { stagingMaxPerTenant } = this.config.uploads;
    const maxSizeBytes = this.limit;
    // The form around the file adds a little; the count of bytes is exact.
    if ((contentLength ?? 0) > maxSizeBytes + 1024 ** 2) throw tooLarge(maxSizeBytes);
    if ((await this.uploads.countPending(context)) >= stagingMaxPerTenant) throw quotaExceeded(stagingMaxPerTenant);
  }

  /** Streams the part to a staging key of its own. */
  async stage({ context }: Caller, part: FilePart): Promise<StagedFile> {
    const ids = { fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const key = stagingKey({ ...ids, tenantId: context.tenantId });
    const counted = new CountBytes(this.limit);
    // Both are awaited: the error of whichever failed first destroys the other.
    const flowing = pipeline(part.body, counted, { end: true });
    const storing = this.store.putStream(key, counted, { contentType: OCTET_STREAM });
    await Promise.all([storing, flowing]);
    return { ...ids, key, size: counted.count, part };
  }

  /** Creates the rows and confirms. Throws what initiate and confirm throw; then the file is gone again. */
  async register(caller: Caller, staged: StagedFile, form: UploadForm): Promise<ReceivedUpload> {
    const { stagingMaxPerTenant } = this.config.uploads;
    const upload = this.toUpload(caller, staged, form);
    const createdAt = await this.uploads.createPending(caller.context, upload, stagingMaxPerTenant);
    if (createdAt === null) throw quotaExceeded(stagingMaxPerTenant);
    try {
      await this.confirm.execute(caller.context, staged.fileId, staged.versionId);
    } catch (error) {
      await this.withdraw(caller, staged, error);
      throw error;
    }
    return { upload, createdAt };
  }

  /** Takes staged bytes away; what cannot be deleted now is the reaper's. */
  async discard(staged: StagedFile): Promise<void> {
    await this.store
      .deleteStaging(staged.key)
      .catch((error: unknown) => this.log.warn(`left to the reaper: ${String(error)}`));
  }

  private toUpload({ userId }: Caller, { fileId, versionId, size, part }: StagedFile, form: UploadForm): NewUpload {
    const declaredMimeType = form.mimeType ?? part.mimeType;
    if (size === 0) throw new CustodyError('EMPTY_FILE');
    const { mimeType } = admit({ mimeType: declaredMimeType, size, multipart: true }, this.limit);
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
  private async withdraw({ context }: Caller, { fileId }: StagedFile, error: unknown): Promise<void> {
    if (error instanceof CustodyError && !error.code.endsWith('_UNAVAILABLE')) return;
    await this.files
      .delete(context, fileId)
      .catch((failure: unknown) => this.log.warn(`an unfinished upload is left to expire: ${String(failure)}`));
  }
}
