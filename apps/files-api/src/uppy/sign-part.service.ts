import type { FilesApiConfig } from '@custody/config';
import { MultipartsRepository, UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, PART_MIN_BYTES, PARTS_MAX } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { validated } from '../requests/validation.js';
import { sizeLimitOf, unplannedPartsOf } from '../uploads/parts-of.js';
import type { UploadRef } from './upload-id.js';
import { partNumberSchema, type SignedPart } from './uppy.schema.js';

/** The URL for one part of whatever length: Uppy cuts the file as it likes and tells nobody (ADR 0025). */
@Injectable()
export class SignPart {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly multiparts: MultipartsRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** The number is looked at after the upload (M34). Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`, `validation-error`. */
  async execute(context: StepContext, { fileId, versionId }: UploadRef, partNumber: string): Promise<SignedPart> {
    const { upload, version } = unplannedPartsOf(await this.uploads.find(context, fileId, versionId));
    const part = partWithin(sizeLimitOf(version), partNumber);
    if (!(await this.multiparts.grantParts(context, versionId, { parts: 1 })))
      throw new CustodyError('NO_MULTIPART_UPLOAD');
    const expiresInSec = this.config.uploads.presignExpirySec;
    const { url } = await this.store.presignPart({ ...upload, partNumber: part, size: null, expiresInSec });
    return { url, expires: expiresInSec };
  }
}

/** All parts but the last have 5 MiB at least, so a limit in bytes is one in parts as well. */
function partWithin(limit: number, text: string): number {
  const last = Math.min(PARTS_MAX, Math.ceil(limit / PART_MIN_BYTES));
  const part = validated(partNumberSchema, text);
  if (part <= last) return part;
  const errors = [{ pointer: '/partNumber', message: `must be from 1 to ${last}: the limit is ${limit} bytes` }];
  throw new CustodyError('validation-error', undefined, { errors });
}
