import type { Arrival, VersionRecord } from '@custody/data';
import { fileTypeFor, UNDECLARED_SIZE, sniffAgrees, sniffMimeType, type RejectReason } from '@custody/domain';
import type { PeekedObject } from '@custody/storage';

/** What the store holds for an upload, and why it may not be what was announced. */
export interface Inspection {
  readonly arrival: Arrival;
  readonly objection: { readonly reason: RejectReason; readonly detail: string } | null;
}

/**
 * Compares what lies in staging with what its row declares: size, then the first bytes.
 * A declared sha256 is not looked at: it takes all the bytes, and the scan reads them all.
 */
export async function inspectArrival(
  version: VersionRecord,
  found: PeekedObject,
  storeVersion: string,
): Promise<Inspection> {
  const { etag, size, firstBytes } = found;
  const arrival = { storeVersion, etag, size, sniffedMimeType: null };
  const detail = objectionToSize(version, size);
  if (detail !== null) return { arrival, objection: { reason: 'size_mismatch', detail } };
  const sniffedMimeType = await sniffMimeType(firstBytes);
  const sniffed = { ...arrival, sniffedMimeType };
  if (sniffAgrees(fileTypeFor(version.mimeType), sniffedMimeType)) return { arrival: sniffed, objection: null };
  const looks = sniffedMimeType === null ? 'carry no signature of it' : `look like ${sniffedMimeType}`;
  return {
    arrival: sniffed,
    objection: { reason: 'mime_mismatch', detail: `${version.mimeType} was declared, the first bytes ${looks}.` },
  };
}

/** Where no size was declared, the limit of the upload is the measure (ADR 0025). */
function objectionToSize({ declaredSize, sizeLimit }: VersionRecord, size: number): string | null {
  if (size === 0) return 'The uploaded object has no bytes.';
  if (declaredSize !== UNDECLARED_SIZE)
    return size === declaredSize ? null : `${declaredSize} bytes were declared, ${size} arrived.`;
  return size <= (sizeLimit ?? 0) ? null : `${size} bytes arrived, ${sizeLimit ?? 0} are the limit.`;
}
