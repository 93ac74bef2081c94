import type { FilesApiConfig } from '@custody/config';
import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import type { FileId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { Batched } from '../graphql/batched.js';
import { signThumbnail } from './sign-thumbnail.js';
import type { ThumbnailQuery, ThumbnailUrl } from './thumbnails.schema.js';

/** The thumbnail URL of each file of an answer: all are granted in one step, each with its audit row (M37). */
@Injectable()
export class CreateListedThumbnails {
  private readonly granted = new Batched<FileId, FileRecord, ThumbnailQuery>((context, ids, { size, format }) =>
    this.files.grantThumbnails(context, ids, size, { size, format, expiresIn: this.expiresIn, listed: true }),
  );

  constructor(
    private readonly files: FilesRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Null for a file without a thumbnail of this size, or not available. */
  async execute(context: StepContext, fileId: FileId, query: ThumbnailQuery): Promise<ThumbnailUrl | null> {
    const file = await this.granted.load(context, fileId, query);
    if (file?.state !== 'available' || !file.thumbnails.includes(query.size)) return null;
    return signThumbnail(this.store, file, query, this.expiresIn);
  }

  private get expiresIn(): number {
    return this.config.downloads.expirySec;
  }
}
