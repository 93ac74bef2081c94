import type { VersionRecord } from '@custody/data';
import { CustodyError, planOf, stagingKey, type PartPlan } from '@custody/domain';
import type { MultipartRef } from '@custody/storage';

export interface UploadInParts {
  readonly version: VersionRecord;
  readonly upload: MultipartRef;
  readonly plan: PartPlan;
}

/** The upload behind a version while it takes parts; null when it takes none. */
export function openPartsOf(version: VersionRecord | null): UploadInParts | null {
  if (version === null) return null;
  const { state, multipartId, partSize } = version;
  if (state !== 'awaiting_upload' || multipartId === null || partSize === null) return null;
  const key = stagingKey({ ...version, versionId: version.id });
  return { version, upload: { key, uploadId: multipartId }, plan: planOf(version.declaredSize, partSize) };
}

/** The same where there must be one. Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`. */
export function partsOf(version: VersionRecord | null): UploadInParts {
  if (version === null || version.rejectReason === 'deleted') throw new CustodyError('FILE_NOT_FOUND');
  const open = openPartsOf(version);
  if (open === null) throw new CustodyError('NO_MULTIPART_UPLOAD');
  return open;
}
