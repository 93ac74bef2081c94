import type { FilesApiConfig } from '@custody/config';
import { UploadsRepository } from '@custody/data';
import { CustodyError, SINGLE_PUT_MAX_BYTES, UNDECLARED_SIZE } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { validated } from '../requests/validation.js';
import { ExpectUpload } from '../uploads/expect-upload.service.js';
import { metadataSchema } from '../uploads/metadata.schema.js';
import { sizeLimit } from '../uploads/upload-rules.js';
import type { PresignRequest } from '../uploads/uploads.schema.js';
import { ExpectVersion } from '../versions/expect-version.service.js';
import type { UploadRef } from './upload-id.js';
import type { UppyUpload } from './uppy.schema.js';
import { withinBounds } from './within-bounds.js';

/** An upload whose rows are there. `limit`: its bytes at most, all of which there are when `size` is declared. */
export interface ExpectedFile extends UploadRef {
  readonly mimeType: string;
  readonly size: number;
  readonly limit: number;
}

/** What Uppy says of a file, as the same request that presign takes (M2), for a new file or a new version of one. */
@Injectable()
export class ExpectFile {
  constructor(
    private readonly upload: ExpectUpload,
    private readonly version: ExpectVersion,
    private readonly uploads: UploadsRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** Throws `validation-error`, `UPLOAD_OUT_OF_BOUNDS`, and what `ExpectUpload` and `ExpectVersion` throw. */
  async execute(
    caller: Caller,
    { filename, type, metadata }: UppyUpload,
    { multipart }: { readonly multipart: boolean },
  ): Promise<ExpectedFile> {
    const meta = withinBounds(metadata, caller.bounds);
    const { size = UNDECLARED_SIZE } = meta;
    const file = { mimeType: type, size };
    const ids = await this.create(caller, { ...file, multipart }, filename, meta);
    if (size !== UNDECLARED_SIZE) return { ...ids, ...file, limit: size };
    const most = sizeLimit(type, this.config.uploads.maxSizeBytes);
    const limit = multipart ? most : Math.min(most, SINGLE_PUT_MAX_BYTES);
    if (!(await this.uploads.limit(caller.context, ids.versionId, limit))) throw new CustodyError('FILE_NOT_FOUND');
    return { ...ids, ...file, limit };
  }

  private create(
    caller: Caller,
    file: Pick<PresignRequest, 'mimeType' | 'size' | 'multipart'>,
    filename: string,
    { fileId, subject, name, size: _declared, ...meta }: UppyUpload['metadata'],
  ): Promise<UploadRef> {
    const { bucket, folderId, accessGroupId, sha256, metadata: given, type: _said, ...others } = meta;
    if (fileId !== undefined) return this.version.execute(caller, fileId, { ...file, sha256 });
    if (bucket === undefined) throw bucketMissing();
    const request = {
      ...{ filename: name ?? filename, ...file, bucket },
      ...{ folderId, accessGroupId, sha256 },
      metadata: validated(metadataSchema, { ...others, ...given }),
    };
    return this.upload.execute(caller, request, subject);
  }
}

function bucketMissing(): CustodyError {
  const errors = [{ pointer: '/metadata/bucket', message: 'is required' }];
  return new CustodyError('validation-error', undefined, { errors });
}
