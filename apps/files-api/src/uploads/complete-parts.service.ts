import { UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, UNDECLARED_SIZE, type FileId, type VersionId } from '@custody/domain';
import { ObjectStore, ObjectStoreError, type ArrivedPart } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { compareWithNames, compareWithPlan, sizeOf, type NamedPart } from './compare-parts.js';
import { openPartsOf, sizeLimitOf, type UploadInParts } from './parts-of.js';
import { tooLarge } from './upload-rules.js';

/** Which upload of a file is complete, and of what: the newest, by its plan, unless its client names its parts. */
export interface CompletedUpload {
  readonly versionId: VersionId | null;
  readonly named: readonly NamedPart[] | null;
}

/** Makes one object of the parts that the store itself lists: what a client says of them counts for nothing (S8). */
@Injectable()
export class CompleteParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly store: ObjectStore,
  ) {}

  /**
   * Null: the object is there now, or somebody else was faster. Otherwise why there is none yet: `UPLOAD_NOT_FOUND` for an upload
   * that takes no parts, `UPLOAD_INCOMPLETE` naming those that are missing, `PAYLOAD_TOO_LARGE`. Throws `ObjectStoreError`.
   */
  async execute(
    context: StepContext,
    fileId: FileId,
    { versionId, named }: CompletedUpload,
  ): Promise<CustodyError | null> {
    const version = await this.uploads.find(context, fileId, versionId);
    if (version?.state !== 'awaiting_upload') return null;
    const open = openPartsOf(version);
    if (open === null) return new CustodyError('UPLOAD_NOT_FOUND');
    try {
      const parts: ArrivedPart[] = [];
      for await (const part of this.store.listParts(open.upload)) parts.push(part);
      const objection = objectionTo(open, parts, named);
      if (objection === null) await this.store.completeMultipart(open.upload, parts);
      return objection;
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND') return null;
      if (error instanceof ObjectStoreError && error.code === 'INVALID_REQUEST')
        return new CustodyError('UPLOAD_INCOMPLETE', 'A part was sent again meanwhile; try again.', { cause: error });
      throw error;
    }
  }
}

function objectionTo(
  { plan, version }: UploadInParts,
  parts: readonly ArrivedPart[],
  named: readonly NamedPart[] | null,
): CustodyError | null {
  if (plan !== null) return compareWithPlan(plan, parts);
  // Only its client knows how many there are.
  if (named === null) return new CustodyError('UPLOAD_INCOMPLETE', 'Complete it at the door where it was begun.');
  const limit = sizeLimitOf(version);
  if (version.declaredSize === UNDECLARED_SIZE && sizeOf(parts) > limit) return tooLarge(limit);
  return compareWithNames(named, parts, version.declaredSize);
}
