const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** S3 User Guide, "Amazon S3 multipart upload limits"; sizes in bytes. The last part may be shorter than the minimum. */
export const PART_MIN_BYTES = 5 * MiB;
export const PART_MAX_BYTES = 5 * GiB;
export const PARTS_MAX = 10_000;
/** S3 API reference, PutObject: the largest object of one PUT. */
export const SINGLE_PUT_MAX_BYTES = 5 * GiB;
/** The declared size of an upload whose client never said how long it is; no upload has no bytes (S16). */
export const UNDECLARED_SIZE = 0;
/** The largest object there is. */
export const OBJECT_MAX_BYTES = 5 * 1024 * GiB;

/** How an upload is cut: parts 1 to `partCount` of `partSize` bytes each, the last one the rest. */
export interface PartPlan {
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

/**
 * Parts of `preferred` bytes, larger ones (whole MiB) where S3 would need more than 10,000. RangeError for a size S3 does not
 * store or a preference it does not take.
 */
export function planParts(size: number, preferred: number): PartPlan {
  if (!Number.isSafeInteger(size) || size < 1 || size > OBJECT_MAX_BYTES)
    throw new RangeError(`no plan for ${size} bytes`);
  if (!Number.isSafeInteger(preferred) || preferred < PART_MIN_BYTES || preferred > PART_MAX_BYTES)
    throw new RangeError(`no parts of ${preferred} bytes`);
  const least = Math.ceil(size / PARTS_MAX / MiB) * MiB;
  return planOf(size, Math.max(preferred, least));
}

/** The plan of an upload that was cut into parts of `partSize` before. */
export function planOf(size: number, partSize: number): PartPlan {
  return { size, partSize, partCount: Math.ceil(size / partSize) };
}

/** Bytes of one part; its number is from 1 to `partCount`. */
export function partLength({ size, partSize, partCount }: PartPlan, partNumber: number): number {
  return partNumber === partCount ? size - (partCount - 1) * partSize : partSize;
}
