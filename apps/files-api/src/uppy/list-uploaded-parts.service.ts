import { UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { ObjectStore, ObjectStoreError } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { unplannedPartsOf } from '../uploads/parts-of.js';
import type { UploadRef } from './upload-id.js';
import type { UploadedParts } from './uppy.schema.js';

/** What of an upload the store has: Uppy goes on from it after a pause, a crash or a reload. */
@Injectable()
export class ListUploadedParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly store: ObjectStore,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`, `ObjectStoreError`. */
  async execute(context: StepContext, { fileId, versionId }: UploadRef): Promise<UploadedParts> {
    const { upload } = unplannedPartsOf(await this.uploads.find(context, fileId, versionId));
    const parts: UploadedParts = [];
    try {
      for await (const { partNumber, size, etag } of this.store.listParts(upload))
        parts.push({ PartNumber: partNumber, Size: size, ETag: `"${etag}"` });
    } catch (error) {
      // Put together by a request that has not written it down yet, or given up.
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND')
        throw new CustodyError('NO_MULTIPART_UPLOAD');
      throw error;
    }
    return parts;
  }
}
