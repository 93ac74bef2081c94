import {
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  type ListObjectVersionsCommandOutput,
  type ListObjectsV2CommandOutput,
} from '@aws-sdk/client-s3';
import type { StagedVersion } from '../object-store.records.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';

/** Where a listing of versions begins: after a key, or after one version of it. */
interface Marker {
  readonly KeyMarker?: string;
  readonly VersionIdMarker?: string;
}

export async function* listVersions(
  s3: S3Context,
  bucket: string,
  prefix: string,
  signal?: AbortSignal,
): AsyncGenerator<StagedVersion> {
  let marker: Marker | undefined = {};
  while (marker !== undefined) {
    const page = await versionsPage(s3, bucket, prefix, marker, signal);
    yield* versionsOf(page);
    marker = markerAfter(page);
  }
}

/** One page of the versions of keys after `afterKey`. */
export async function pageOfVersions(
  s3: S3Context,
  bucket: string,
  prefix: string,
  afterKey: string,
  signal?: AbortSignal,
): Promise<{ versions: StagedVersion[]; isLast: boolean }> {
  const page = await versionsPage(s3, bucket, prefix, { KeyMarker: afterKey }, signal);
  return { versions: versionsOf(page), isLast: markerAfter(page) === undefined };
}

async function versionsPage(
  s3: S3Context,
  bucket: string,
  prefix: string,
  marker: Marker,
  signal?: AbortSignal,
): Promise<ListObjectVersionsCommandOutput> {
  const command = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...marker });
  return s3.io.send(command, abortable(signal));
}

function markerAfter({ IsTruncated, NextKeyMarker, NextVersionIdMarker }: ListObjectVersionsCommandOutput) {
  if (!IsTruncated || NextKeyMarker === undefined) return undefined;
  return {
    KeyMarker: NextKeyMarker,
    ...(NextVersionIdMarker === undefined ? {} : { VersionIdMarker: NextVersionIdMarker }),
  };
}

export async function* listObjects(s3: S3Context, bucket: string, prefix: string, signal?: AbortSignal) {
  let token: { ContinuationToken?: string } | undefined = {};
  while (token !== undefined) {
    const page: ListObjectsV2CommandOutput = await s3.io.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...token }),
      abortable(signal),
    );
    for (const { Key, Size, LastModified } of page.Contents ?? []) {
      if (Key !== undefined) yield { key: Key, size: Size ?? 0, lastModified: LastModified ?? new Date(0) };
    }
    token =
      page.IsTruncated && page.NextContinuationToken !== undefined
        ? { ContinuationToken: page.NextContinuationToken }
        : undefined;
  }
}

/** Every version and delete marker of one key. */
export async function versionsOfKey(s3: S3Context, bucket: string, key: string, signal?: AbortSignal) {
  const found: StagedVersion[] = [];
  for await (const version of listVersions(s3, bucket, key, signal)) {
    // A prefix also matches longer keys; they come after the key itself.
    if (version.key !== key) break;
    found.push(version);
  }
  return found;
}

/** Deletes version by version: a plain DELETE on a versioned bucket only hides the bytes behind a marker. */
export async function deleteAllVersions(s3: S3Context, bucket: string, key: string, signal?: AbortSignal) {
  const found = await versionsOfKey(s3, bucket, key, signal);
  for (const version of found) await deleteVersion(s3, bucket, version, signal);
  return found.length;
}

export async function deleteVersion(
  s3: S3Context,
  bucket: string,
  { key, versionId }: StagedVersion,
  signal?: AbortSignal,
): Promise<void> {
  await s3.io.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }), abortable(signal));
}

/** S3 lists versions and markers apart; both are wanted in key order, newest first. */
function versionsOf(page: ListObjectVersionsCommandOutput): StagedVersion[] {
  const versions = (page.Versions ?? []).map((entry) => ({ ...entry, isDeleteMarker: false }));
  const markers = (page.DeleteMarkers ?? []).map((entry) => ({ ...entry, Size: 0, isDeleteMarker: true }));
  return [...versions, ...markers]
    .map((entry) => ({
      key: entry.Key ?? '',
      versionId: entry.VersionId ?? 'null',
      size: entry.Size ?? 0,
      lastModified: entry.LastModified ?? new Date(0),
      isLatest: entry.IsLatest ?? false,
      isDeleteMarker: entry.isDeleteMarker,
    }))
    .sort(
      (a, b) =>
        byKey(a.key, b.key) ||
        Number(b.isLatest) - Number(a.isLatest) ||
        b.lastModified.getTime() - a.lastModified.getTime(),
    );
}

/** S3 orders keys by their UTF-8 bytes, JavaScript by UTF-16 units. */
export function byKey(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
