import type { FilesApiConfig } from '@custody/config';
import { MultipartsRepository, UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, partLength, type FileId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { validated } from '../requests/validation.js';
import { signPartsRequestSchema, type SignedParts } from './multipart.schema.js';
import { partsOf } from '../uploads/parts-of.js';

/** URLs for parts of an upload, as often as they are asked for: one that has run out is simply signed again (M6). */
@Injectable()
export class SignParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly multiparts: MultipartsRepository,
    private readonly store: ObjectStore,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * The body is looked at after the file, so that a file of somebody else answers 404 whatever was sent.
   * Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`, `validation-error`.
   */
  async execute(context: StepContext, fileId: FileId, body: unknown): Promise<SignedParts> {
    const { version, upload, plan } = partsOf(await this.uploads.find(context, fileId, null));
    const { partNumbers } = validated(signPartsRequestSchema, body ?? {});
    if (partNumbers.some((partNumber) => partNumber > plan.partCount)) throw unplanned(plan.partCount);
    if (!(await this.multiparts.grantParts(context, version.id, { parts: partNumbers.length })))
      throw new CustodyError('NO_MULTIPART_UPLOAD');
    const expiresInSec = this.config.uploads.presignExpirySec;
    const signed = await Promise.all(
      partNumbers.map(async (partNumber) => {
        const size = partLength(plan, partNumber);
        return { partNumber, size, ...(await this.store.presignPart({ ...upload, partNumber, size, expiresInSec })) };
      }),
    );
    return {
      parts: signed.map(({ partNumber, size, url, headers }) => ({
        ...{ partNumber, uploadUrl: url, method: 'PUT' as const },
        ...{ headers: { ...headers }, size },
      })),
      expiresAt: new Date(Math.min(...signed.map(({ expiresAt }) => expiresAt.getTime()))).toISOString(),
    };
  }
}

function unplanned(partCount: number): CustodyError {
  const errors = [{ pointer: '/partNumbers', message: `must be from 1 to ${partCount}` }];
  return new CustodyError('validation-error', undefined, { errors });
}
