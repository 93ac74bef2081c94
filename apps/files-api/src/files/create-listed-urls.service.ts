import type { FilesApiConfig } from '@custody/config';
import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import type { FileId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { Batched } from '../graphql/batched.js';
import { available } from './available.js';
import type { DownloadUrlResponse } from './files.schema.js';
import { servedAs } from './served-as.js';

/** Life of a download URL that comes with a listed file, in seconds. */
const LISTED_URL_LIFE_SEC = 900;

/** The download URL of each file of an answer, as `urls=true` gives it: all are granted in one step, each with its audit row (M37). */
@Injectable()
export class CreateListedUrls {
  private readonly granted = new Batched<FileId, FileRecord>((context, ids) =>
    this.files.grantDownloads(context, ids, { expiresIn: this.expiresIn, listed: true }),
  );

  constructor(
    private readonly files: FilesRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Null unless the file is available. */
  async execute(context: StepContext, fileId: FileId): Promise<DownloadUrlResponse | null> {
    const file = await this.granted.load(context, fileId, undefined);
    return file?.state === 'available' ? this.sign(file) : null;
  }

  private async sign(file: FileRecord): Promise<DownloadUrlResponse> {
    const { expiresIn } = this;
    const { key } = available(file);
    const { url, expiresAt } = await this.store.presignGet({ key, expiresInSec: expiresIn, ...servedAs(file) });
    return { url, expiresAt: expiresAt.toISOString(), expiresIn };
  }

  private get expiresIn(): number {
    return Math.min(LISTED_URL_LIFE_SEC, this.config.downloads.expirySec);
  }
}
