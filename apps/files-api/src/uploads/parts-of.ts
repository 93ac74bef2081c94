import type { VersionRecord } from '@custody/data';
import { CustodyError, planOf, stagingKey, UNDECLARED_SIZE, type PartPlan } from '@custody/domain';
import type { MultipartRef } from '@custody/storage';

export interface UploadInParts {
  readonly version: VersionRecord;
  readonly upload: MultipartRef;
  /** Null: its client cuts the parts. */
  readonly plan: PartPlan | null;
}

export interface PlannedUpload extends UploadInParts {
  readonly plan: PartPlan;
}

/** The upload behind a version while it takes parts; null when it takes none. */
export function openPartsOf(version: VersionRecord | null): UploadInParts | null {
  if (version === null) return null;
  const { state, multipartId, partSize } = version;
  if (state !== 'awaiting_upload' || multipartId === null) return null;
  const key = stagingKey({ ...version, versionId: version.id });
  const plan = partSize === null ? null : planOf(version.declaredSize, partSize);
  return { version, upload: { key, uploadId: multipartId }, plan };
}

/** Bytes that an upload may have at most: those it declared, or the limit that was written down for it. */
export function sizeLimitOf({ declaredSize, sizeLimit }: VersionRecord): number {
  return declaredSize === UNDECLARED_SIZE ? (sizeLimit ?? 0) : declaredSize;
}

/** The same where there must be one, with a plan. Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`. */
export function partsOf(version: VersionRecord | null): PlannedUpload {
  const open = anyPartsOf(version);
  if (open.plan === null) throw new CustodyError('NO_MULTIPART_UPLOAD', 'Its parts have no plan.');
  return { ...open, plan: open.plan };
}

/** The same without a plan: the client cuts the parts. Throws as `partsOf`. */
export function unplannedPartsOf(version: VersionRecord | null): UploadInParts {
  const open = anyPartsOf(version);
  if (open.plan !== null) throw new CustodyError('NO_MULTIPART_UPLOAD', 'Its parts have a plan.');
  return open;
}

function anyPartsOf(version: VersionRecord | null): UploadInParts {
  if (version === null || version.rejectReason === 'deleted') throw new CustodyError('FILE_NOT_FOUND');
  const open = openPartsOf(version);
  if (open === null) throw new CustodyError('NO_MULTIPART_UPLOAD');
  return open;
}
