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
   * False: the newest upload of the file takes no parts. True: the object is there now, or the store knows the upload no more, so
   * that somebody else has completed it. Throws `UPLOAD_INCOMPLETE` naming the parts that are missing, `ObjectStoreError`.
   */
  async execute(context: StepContext, fileId: FileId): Promise<boolean> {
    const open = openPartsOf(await this.uploads.find(context, fileId, null));
    if (open === null) return false;
    const { upload, plan } = open;
    try {
      const parts: ArrivedPart[] = [];
      for await (const part of this.store.listParts(upload)) parts.push(part);
      refuseIncomplete(plan, parts);
      await this.store.completeMultipart(upload, parts);
    } catch (error) {
      if (error instanceof ObjectStoreError && error.code === 'NOT_FOUND') return true;
      if (error instanceof ObjectStoreError && error.code === 'INVALID_REQUEST')
        throw new CustodyError('UPLOAD_INCOMPLETE', 'A part was sent again meanwhile; try again.', { cause: error });
      throw error;
    }
    return true;
  }
}

function refuseIncomplete(plan: PartPlan, parts: readonly ArrivedPart[]): void {
  const arrived = new Map(parts.map((part) => [part.partNumber, part.size]));
  const errors: FieldProblem[] = [];
  for (let part = 1; part <= plan.partCount; part += 1) {
    const [size, planned] = [arrived.get(part), partLength(plan, part)];
    if (size === planned) continue;
    const message = size === undefined ? 'has not arrived' : `has ${size} bytes, not ${planned}: send it again`;
    errors.push({ pointer: `/parts/${part}`, message });
  }
  if (errors.length === 0 && arrived.size === plan.partCount) return;
  const detail = `${errors.length} of ${plan.partCount} parts are missing or of another size.`;
  throw new CustodyError('UPLOAD_INCOMPLETE', detail, { errors: errors.slice(0, NAMED) });
}
