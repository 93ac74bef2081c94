import { UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, partLength, type FieldProblem, type FileId, type PartPlan } from '@custody/domain';
import { ObjectStore, ObjectStoreError, type ArrivedPart } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { openPartsOf } from './parts-of.js';

/** Enough to see what is wrong; the list of parts says it all. */
const NAMED = 20;

/** Makes one object of the parts that the store itself lists: what a client says of them counts for nothing (S8). */
@Injectable()
export class CompleteParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly store: ObjectStore,
  ) {}

  /**
   * Null: the object is there now, or somebody else was faster. Otherwise why there is none yet: `UPLOAD_NOT_FOUND` for an upload
   * that takes no parts, `UPLOAD_INCOMPLETE` naming those that are missing. Throws `ObjectStoreError`.
   */
  async execute(context: StepContext, fileId: FileId): Promise<CustodyError | null> {
    const version = await this.uploads.find(context, fileId, null);
    if (version?.state !== 'awaiting_upload') return null;
    const open = openPartsOf(version);
    if (open === null) return new CustodyError('UPLOAD_NOT_FOUND');
    try {
      const parts: ArrivedPart[] = [];
      for await (const part of this.store.listParts(open.upload)) parts.push(part);
      const objection = incompleteness(open.plan, parts);
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

function incompleteness(plan: PartPlan, parts: readonly ArrivedPart[]): CustodyError | null {
  const arrived = new Map(parts.map((part) => [part.partNumber, part.size]));
  const errors: FieldProblem[] = [];
  for (let part = 1; part <= plan.partCount; part += 1) {
    const [size, planned] = [arrived.get(part), partLength(plan, part)];
    if (size === planned) continue;
    const message = size === undefined ? 'has not arrived' : `has ${size} bytes, not ${planned}: send it again`;
    errors.push({ pointer: `/parts/${part}`, message });
  }
  if (errors.length === 0 && arrived.size === plan.partCount) return null;
  const detail = `${errors.length} of ${plan.partCount} parts are missing or of another size.`;
  return new CustodyError('UPLOAD_INCOMPLETE', detail, { errors: errors.slice(0, NAMED) });
}
