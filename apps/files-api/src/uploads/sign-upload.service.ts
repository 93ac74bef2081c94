import type { FilesApiConfig } from '@custody/config';
import { stagingKey, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { signedContentType } from './upload-rules.js';
import type { PresignRequest, PresignResponse } from './uploads.schema.js';

/** The URL for one PUT to the staging key of a version whose row is committed. */
@Injectable()
export class SignUpload {
  constructor(
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  async execute(
    ref: VersionRef,
    { mimeType, size, sha256 }: Pick<PresignRequest, 'mimeType' | 'size' | 'sha256'>,
  ): Promise<PresignResponse> {
    const { url, headers, expiresAt } = await this.store.presignPut({
      key: stagingKey(ref),
      contentType: signedContentType(mimeType),
      size,
      expiresInSec: this.config.uploads.presignExpirySec,
      ...(sha256 === undefined ? {} : { sha256 }),
    });
    return {
      fileId: ref.fileId,
      versionId: ref.versionId,
      uploadUrl: url,
      method: 'PUT',
      headers: { ...headers },
      fields: {},
      expiresAt: expiresAt.toISOString(),
      status: 'pending_scan',
    };
  }
}
