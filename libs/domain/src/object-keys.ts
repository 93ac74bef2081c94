import { isBucket, type Bucket } from './buckets.js';
import type { ThumbnailFormat } from './file-types.js';
import { isUuid, type FileId, type TenantId, type VersionId } from './ids.js';

/** The ids that name one version's bytes. */
export interface VersionRef {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly versionId: VersionId;
}

/** Where clients upload: `{tenant}/staging/{file}/{version}`. Ids only, never a filename (M16). */
export function stagingKey({ tenantId, fileId, versionId }: VersionRef): string {
  return `${tenantId}/staging/${fileId}/${versionId}`;
}

/** Where promoted bytes live: `{tenant}/{bucket}/{file}/{version}` in the main bucket (M17). */
export function objectKey({ tenantId, fileId, versionId }: VersionRef, bucket: Bucket): string {
  return `${tenantId}/${bucket}/${fileId}/${versionId}`;
}

/** The ids in a staging key, or null for a key we never wrote: store events and listings are evidence, not truth. */
export function parseStagingKey(key: string): VersionRef | null {
  const [tenantId, segment, fileId, versionId, ...rest] = key.split('/');
  if (segment !== 'staging' || rest.length > 0) return null;
  if (!isUuid(tenantId) || !isUuid(fileId) || !isUuid(versionId)) return null;
  return { tenantId: tenantId as TenantId, fileId: fileId as FileId, versionId: versionId as VersionId };
}

/** The same for a key of the main bucket. */
export function parseObjectKey(key: string): (VersionRef & { readonly bucket: Bucket }) | null {
  const [tenantId, bucket, fileId, versionId, ...rest] = key.split('/');
  if (!isBucket(bucket) || rest.length > 0) return null;
  if (!isUuid(tenantId) || !isUuid(fileId) || !isUuid(versionId)) return null;
  return { tenantId: tenantId as TenantId, bucket, fileId: fileId as FileId, versionId: versionId as VersionId };
}

/** Everything derived from any version of a file: `{tenant}/derived/{file}/` in the main bucket. */
export function derivedPrefix({ tenantId, fileId }: Pick<VersionRef, 'tenantId' | 'fileId'>): string {
  return `${tenantId}/derived/${fileId}/`;
}

/** One thumbnail: `{tenant}/derived/{file}/{version}/thumb-{size}.{extension}` in the main bucket. */
export function thumbnailKey(ref: VersionRef, size: number, format: ThumbnailFormat): string {
  return `${derivedPrefix(ref)}${ref.versionId}/thumb-${size}.${format === 'jpeg' ? 'jpg' : format}`;
}

/** The ids in a key of derived data, or null for any other key. */
export function parseDerivedKey(key: string): VersionRef | null {
  const [tenantId, segment, fileId, versionId, name, ...rest] = key.split('/');
  if (segment !== 'derived' || !/^thumb-\d+\.(webp|jpg)$/.test(name ?? '') || rest.length > 0) return null;
  if (!isUuid(tenantId) || !isUuid(fileId) || !isUuid(versionId)) return null;
  return { tenantId: tenantId as TenantId, fileId: fileId as FileId, versionId: versionId as VersionId };
}
