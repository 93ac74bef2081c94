import type { FilesApiConfig } from '@custody/config';
import { MultipartsRepository, type StepContext } from '@custody/data';
import { CustodyError, planOf, planParts, stagingKey, type PartPlan, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { signedContentType } from './upload-rules.js';

/**
 * Begins an upload in parts for a version whose row is committed (M6). A crash before the store's id is written down leaves a
 * multipart upload without parts to the reaper.
 */
@Injectable()
export class OpenMultipart {
  constructor(
    private readonly store: ObjectStore,
    private readonly multiparts: MultipartsRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `ObjectStoreError`, `FILE_NOT_FOUND` when the upload was ended meanwhile. */
  async execute(
    context: StepContext,
    ref: VersionRef,
    { mimeType, size }: { readonly mimeType: string; readonly size: number },
  ): Promise<Omit<PartPlan, 'size'>> {
    const { partSize } = planParts(size, this.config.uploads.partSizeBytes);
    const multipartId = await this.store.createMultipart(stagingKey(ref), signedContentType(mimeType));
    const opened = await this.multiparts.open(context, ref.versionId, { multipartId, partSize });
    if (opened === null) throw new CustodyError('FILE_NOT_FOUND');
    const { size: _declared, ...plan } = planOf(size, opened.partSize);
    return plan;
  }
}
