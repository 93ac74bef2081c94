import type { Arrival, VersionRecord } from '@custody/data';
import {
  fileTypeFor,
  SNIFF_BYTES,
  UNDECLARED_SIZE,
  sniffAgrees,
  sniffMimeType,
  type RejectReason,
} from '@custody/domain';
import type { ObjectHead, ObjectStore } from '@custody/storage';

/** What the store holds for an upload, and why it may not be what was announced. */
export interface Inspection {
  readonly arrival: Arrival;
  readonly objection: { readonly reason: RejectReason; readonly detail: string } | null;
}

/**
 * Compares the object under `head` with what its row declares: size, then the first bytes of exactly that store version.
 * A declared sha256 is not looked at: it takes all the bytes, and the scan reads them all.
 * Throws `ObjectStoreError`; `NOT_FOUND` when the version went away between two requests.
 */
export async function inspectArrival(
  store: ObjectStore,
  version: VersionRecord,
  head: ObjectHead,
  storeVersion: string,
): Promise<Inspection> {
  const arrival = { storeVersion, etag: head.etag, size: head.size, sniffedMimeType: null };
  const detail = objectionToSize(version, head.size);
  if (detail !== null) return { arrival, objection: { reason: 'size_mismatch', detail } };
  const bytes = await store.readHead({ bucket: 'staging', key: head.key, versionId: storeVersion }, SNIFF_BYTES);
  const sniffedMimeType = await sniffMimeType(bytes);
  const sniffed = { ...arrival, sniffedMimeType };
  if (sniffAgrees(fileTypeFor(version.mimeType), sniffedMimeType)) return { arrival: sniffed, objection: null };
  const found = sniffedMimeType === null ? 'carry no signature of it' : `look like ${sniffedMimeType}`;
  return {
    arrival: sniffed,
    objection: { reason: 'mime_mismatch', detail: `${version.mimeType} was declared, the first bytes ${found}.` },
  };
}

/** Where no size was declared, the limit of the upload is the measure (ADR 0025). */
function objectionToSize({ declaredSize, sizeLimit }: VersionRecord, size: number): string | null {
  if (size === 0) return 'The uploaded object has no bytes.';
  if (declaredSize !== UNDECLARED_SIZE)
    return size === declaredSize ? null : `${declaredSize} bytes were declared, ${size} arrived.`;
  return size <= (sizeLimit ?? 0) ? null : `${size} bytes arrived, ${sizeLimit ?? 0} are the limit.`;
}
