import { UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { ObjectStore, ObjectStoreError, type ArrivedPart } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import type { ArrivedParts, ListPartsQuery } from './multipart.schema.js';
import { partsOf } from '../uploads/parts-of.js';

/** What of an upload is there already, by the store's own list: another machine can go on from it (M6). */
@Injectable()
export class ListParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly store: ObjectStore,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`, `ObjectStoreError`. */
  async execute(context: StepContext, fileId: FileId, { after, limit }: ListPartsQuery): Promise<ArrivedParts> {
    const { version, upload, plan } = partsOf(await this.uploads.find(context, fileId, null));
    const parts: ArrivedPart[] = [];
    try {
      for await (const part of this.store.listParts(upload, after)) {
        parts.push(part);
        if (parts.length > limit) break;
      }
    } catch (error) {
      // Put together by a confirm that has not written it down yet, or given up.
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND')
        throw new CustodyError('NO_MULTIPART_UPLOAD');
      throw error;
    }
    return {
      ...{ fileId, versionId: version.id },
      ...plan,
      parts: parts.slice(0, limit),
      hasMore: parts.length > limit,
    };
  }
}
