import type { Subject } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../requests/caller.decorator.js';
import { ExpectUpload } from './expect-upload.service.js';
import { SignUpload } from './sign-upload.service.js';
import type { PresignRequest, PresignResponse } from './uploads.schema.js';

/** Step 1 of the order of writes: the rows first, committed, then the URL (M1, M2). */
@Injectable()
export class InitiateUpload {
  constructor(
    private readonly expect: ExpectUpload,
    private readonly sign: SignUpload,
  ) {}

  /** Throws what `ExpectUpload` and `SignUpload` throw. The URL is signed anew for a replay: none is ever stored. */
  async execute(caller: Caller, request: PresignRequest, subject?: Subject): Promise<PresignResponse> {
    const ids = await this.expect.execute(caller, request, subject);
    return this.sign.execute(caller.context, ids, request);
  }
}
