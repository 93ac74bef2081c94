import { stagingKey } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../requests/caller.decorator.js';
import { BeginParts } from '../uploads/begin-parts.service.js';
import { ExpectFile } from './expect-file.service.js';
import { uploadIdOf } from './upload-id.js';
import type { CreatedParts, UppyUpload } from './uppy.schema.js';

/** Begins an upload whose parts Uppy cuts (M6). */
@Injectable()
export class CreateParts {
  constructor(
    private readonly expect: ExpectFile,
    private readonly begin: BeginParts,
  ) {}

  /** Throws what `ExpectFile` and `BeginParts` throw. */
  async execute(caller: Caller, upload: UppyUpload): Promise<CreatedParts> {
    const { mimeType, size: _size, ...ids } = await this.expect.execute(caller, upload, { multipart: true });
    const ref = { ...ids, tenantId: caller.context.tenantId };
    await this.begin.execute(caller.context, ref, { mimeType, partSize: null });
    return { key: stagingKey(ref), uploadId: uploadIdOf(ids) };
  }
}
