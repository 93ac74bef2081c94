import type { FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { ReadFile } from '../files/read-file.service.js';
import type { Caller } from '../requests/caller.decorator.js';
import { validated } from '../requests/validation.js';
import { SignUpload } from '../uploads/sign-upload.service.js';
import type { PresignResponse } from '../uploads/uploads.schema.js';
import { ExpectVersion } from './expect-version.service.js';
import { presignVersionRequestSchema } from './versions.schema.js';

/** A new version of a file (M15): the one there is serves until the new one is available. */
@Injectable()
export class PresignVersion {
  constructor(
    private readonly readFile: ReadFile,
    private readonly expect: ExpectVersion,
    private readonly sign: SignUpload,
  ) {}

  /**
   * The body is looked at after the file, so that a file of somebody else answers 404 whatever was sent.
   * Throws `FILE_NOT_FOUND`, `validation-error` and what `ExpectVersion` and `SignUpload` throw.
   */
  async execute(caller: Caller, fileId: FileId, body: unknown): Promise<PresignResponse> {
    await this.readFile.execute(caller.context, fileId);
    const request = validated(presignVersionRequestSchema, body ?? {});
    return this.sign.execute(caller.context, await this.expect.execute(caller, fileId, request), request);
  }
}
