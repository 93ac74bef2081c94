import type { FilesApiConfig } from '@custody/config';
import type { StepContext } from '@custody/data';
import { stagingKey, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { OpenMultipart } from './open-multipart.service.js';
import { signedContentType } from './upload-rules.js';
import type { PresignRequest, PresignResponse, SinglePut } from './uploads.schema.js';

/** How the bytes of a version whose row is committed get to its staging key: the URL for one PUT, or the plan of its parts. */
@Injectable()
export class SignUpload {
  constructor(
    private readonly store: ObjectStore,
    private readonly openMultipart: OpenMultipart,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `ObjectStoreError` for an upload in parts: the store is asked to begin it. */
  async execute(
    context: StepContext,
    ids: Pick<VersionRef, 'fileId' | 'versionId'>,
    request: Pick<PresignRequest, 'mimeType' | 'size' | 'sha256' | 'multipart'>,
  ): Promise<PresignResponse> {
    const expected = { ...ids, status: 'pending_scan' } as const;
    const ref = { ...ids, tenantId: context.tenantId };
    if (!request.multipart) return { ...expected, ...(await this.put(ref, request)) };
    return { ...expected, multipart: await this.openMultipart.execute(context, ref, request) };
  }

  private async put(
    ref: VersionRef,
    { mimeType, size, sha256 }: Pick<PresignRequest, 'mimeType' | 'size' | 'sha256'>,
  ): Promise<Omit<SinglePut, keyof VersionRef | 'status'>> {
    const { url, headers, expiresAt } = await this.store.presignPut({
      key: stagingKey(ref),
      contentType: signedContentType(mimeType),
      size,
      expiresInSec: this.config.uploads.presignExpirySec,
      ...(sha256 === undefined ? {} : { sha256 }),
    });
    return { uploadUrl: url, method: 'PUT', headers: { ...headers }, fields: {}, expiresAt: expiresAt.toISOString() };
  }
}
