import { MultipartsRepository, type Multipart, type StepContext } from '@custody/data';
import { CustodyError, stagingKey, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { signedContentType } from './upload-rules.js';

/** Parts as they are to be: of which declared type, and how many bytes each but the last; null: their client cuts them. */
export interface PartsToCome {
  readonly mimeType: string;
  readonly partSize: number | null;
}

/**
 * Begins an upload in parts for a version whose row is committed (M6). A crash before the store's id is written down leaves a
 * multipart upload without parts to the reaper.
 */
@Injectable()
export class BeginParts {
  constructor(
    private readonly store: ObjectStore,
    private readonly multiparts: MultipartsRepository,
  ) {}

  /** The one that holds: the first written down stays. Throws `ObjectStoreError`, `FILE_NOT_FOUND` when the upload was ended meanwhile. */
  async execute(context: StepContext, ref: VersionRef, { mimeType, partSize }: PartsToCome): Promise<Multipart> {
    const multipartId = await this.store.createMultipart(stagingKey(ref), signedContentType(mimeType));
    const opened = await this.multiparts.open(context, ref.versionId, { multipartId, partSize });
    if (opened === null) throw new CustodyError('FILE_NOT_FOUND');
    return opened;
  }
}
