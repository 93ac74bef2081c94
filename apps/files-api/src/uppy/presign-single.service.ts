import type { FilesApiConfig } from '@custody/config';
import { stagingKey, UNDECLARED_SIZE } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { signedContentType } from '../uploads/upload-rules.js';
import { ExpectFile, type ExpectedFile } from './expect-file.service.js';
import type { UploadParameters, UppyUpload } from './uppy.schema.js';

/** How a client sends the one piece: Uppy 6 knows the form only, Uppy 5 needs the ETag that some stores answer to a PUT only. */
export type SingleWay = 'PUT' | 'POST';

/** The URL for a file that comes in one piece. */
@Injectable()
export class PresignSingle {
  constructor(
    private readonly expect: ExpectFile,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws what `ExpectFile` throws. */
  async execute(caller: Caller, upload: UppyUpload, way: SingleWay): Promise<UploadParameters> {
    const file = await this.expect.execute(caller, upload, { multipart: false });
    const target = {
      key: stagingKey({ ...file, tenantId: caller.context.tenantId }),
      contentType: signedContentType(file.mimeType),
      expiresInSec: this.config.uploads.presignExpirySec,
    };
    const signed = await (way === 'PUT' ? this.put(target, file, upload) : this.post(target, file));
    return { ...signed, expires: target.expiresInSec };
  }

  private async put(target: Target, { size }: ExpectedFile, { metadata: { sha256 } }: UppyUpload) {
    const { url, headers } = await this.store.presignPut({
      ...target,
      size: size === UNDECLARED_SIZE ? null : size,
      ...(sha256 !== undefined && { sha256 }),
    });
    return { method: 'PUT' as const, url, fields: {}, headers: { ...headers } };
  }

  private async post(target: Target, { size, limit }: ExpectedFile) {
    const range = { min: size === UNDECLARED_SIZE ? 1 : size, max: limit };
    const { url, fields } = await this.store.presignPost({ ...target, size: range });
    return { method: 'POST' as const, url, fields: { ...fields } };
  }
}

interface Target {
  readonly key: string;
  readonly contentType: string;
  readonly expiresInSec: number;
}
