import { createHash } from 'node:crypto';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FilesApiConfig } from '@custody/config';
import type { StepContext } from '@custody/data';
import { newId, OCTET_STREAM, stagingKey, type FileId, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { CountBytes } from './count-bytes.js';
import type { FilePart } from './multipart-form.js';
import { proxiedLimit, type UploadIds } from './upload-rules.js';

/** A file part after its last byte. `sha256` (hexadecimal) only where the request has an Idempotency-Key. */
export interface ReceivedFile {
  readonly size: number;
  readonly sha256: string | null;
  readonly part: FilePart;
}

/** Bytes in staging under ids that no row has yet. */
export interface StagedFile extends ReceivedFile, UploadIds {
  readonly key: string;
}

/** The bytes of a proxied upload: never collected. What a crash leaves has no row and is the reaper's. */
@Injectable()
export class StageUpload {
  private readonly log = new Logger(StageUpload.name);

  constructor(
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Streams the part to a staging key of its own. */
  async stage({ tenantId, once }: StepContext, part: FilePart): Promise<StagedFile> {
    const ids = { fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const key = stagingKey({ ...ids, tenantId });
    const hash = once === undefined ? null : createHash('sha256');
    const counted = new CountBytes(proxiedLimit(this.config.uploads), hash);
    // Both are awaited: the error of whichever failed first destroys the other.
    const flowing = pipeline(part.body, counted, { end: true });
    const storing = this.store.putStream(key, counted, { contentType: OCTET_STREAM });
    await Promise.all([storing, flowing]);
    return { ...ids, key, size: counted.count, sha256: hash?.digest('hex') ?? null, part };
  }

  /** Reads the part of a repeated request to its end, to know whether it is the same; keeps nothing. */
  async measure(part: FilePart): Promise<ReceivedFile> {
    const hash = createHash('sha256');
    const counted = new CountBytes(proxiedLimit(this.config.uploads), hash);
    await pipeline(part.body, counted, new Writable({ write: (_chunk, _encoding, done) => done() }));
    return { size: counted.count, sha256: hash.digest('hex'), part };
  }

  /** Takes staged bytes away; what cannot be deleted now is the reaper's. */
  async discard(staged: StagedFile): Promise<void> {
    await this.store
      .deleteStaging(staged.key)
      .catch((error: unknown) => this.log.warn(`left to the reaper: ${String(error)}`));
  }
}
