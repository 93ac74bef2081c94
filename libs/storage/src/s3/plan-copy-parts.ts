/** Bytes `start` to `end`, both inclusive; part numbers begin at 1. */
export interface CopyPart {
  readonly partNumber: number;
  readonly start: number;
  readonly end: number;
}

/** S3 User Guide, "Amazon S3 multipart upload limits". */
const MAX_PARTS = 10_000;
const MAX_PART_BYTES = 5 * 1024 ** 3;

/**
 * Splits `size` bytes into parts of `partBytes`, larger ones where S3 would need more than 10,000. Every part but the
 * last has the same size. RangeError when no valid plan exists.
 */
export function planCopyParts(size: number, partBytes: number): CopyPart[] {
  if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`cannot part ${size} bytes`);
  if (!Number.isSafeInteger(partBytes) || partBytes < 1) throw new RangeError(`invalid part size ${partBytes}`);
  const each = Math.max(partBytes, Math.ceil(size / MAX_PARTS));
  if (each > MAX_PART_BYTES) throw new RangeError(`parts of ${each} bytes are over the limit of S3`);
  return Array.from({ length: Math.ceil(size / each) }, (_, index) => ({
    partNumber: index + 1,
    start: index * each,
    end: Math.min((index + 1) * each, size) - 1,
  }));
}
