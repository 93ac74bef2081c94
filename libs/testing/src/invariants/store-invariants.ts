import { createHash } from 'node:crypto';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  NotFound,
  type S3Client,
} from '@aws-sdk/client-s3';
import { objectKey, parseDerivedKey, parseStagingKey, stagingKey } from '@custody/domain';
import type { DatabaseEvidence, VersionRow } from './database-evidence.js';
import { violation, type Violation } from './violation.js';

/** The store as its owner sees it. */
export interface StoreUnderCheck {
  readonly s3: S3Client;
  readonly stagingBucket: string;
  readonly mainBucket: string;
  /** Objects up to this size are read and hashed again. */
  readonly rehashUpTo: number;
  /** How long a staging object may outlive its upload: TTL and grace, in seconds. */
  readonly stagingMaxAgeSec: number;
}

interface Listed {
  readonly key: string;
  readonly lastModified: Date;
}

/** Looks at the prefixes of the tenants in the database only: other tests may share the buckets. */
export async function storeViolations(store: StoreUnderCheck, { versions }: DatabaseEvidence): Promise<Violation[]> {
  const found: Violation[] = [];
  const tenants = new Set(versions.map((row) => row.tenantId));
  const main: Listed[] = [];
  const staging: Listed[] = [];
  for (const tenant of tenants) {
    main.push(...(await list(store.s3, store.mainBucket, `${tenant}/`)));
    staging.push(...(await list(store.s3, store.stagingBucket, `${tenant}/`)));
  }
  found.push(...mainViolations(main, versions), ...stagingViolations(staging, versions, store));
  for (const row of versions) {
    if (row.state === 'available' && !row.purged) found.push(...(await servedViolations(store, row)));
  }
  return found;
}

/** I6: no main object lacks a row, and none was derived from a version that has none. I9: what was rejected never got there. */
function* mainViolations(objects: readonly Listed[], versions: readonly VersionRow[]): Generator<Violation> {
  const owners = new Map(versions.map((row) => [objectKey({ ...row, versionId: row.id }, row.bucket), row]));
  const byId = new Map(versions.map((row) => [row.id, row]));
  for (const { key } of objects) {
    const derived = parseDerivedKey(key);
    const row = derived === null ? owners.get(key) : byId.get(derived.versionId);
    if (row === undefined) yield violation('I6', key, 'is in main and no row knows it');
    else if (row.state !== 'available' && row.state !== 'clean')
      yield violation('I9', key, `is in main, its version is ${row.state} (${row.reason})`);
  }
}

function* stagingViolations(
  objects: readonly Listed[],
  versions: readonly VersionRow[],
  { stagingMaxAgeSec }: StoreUnderCheck,
): Generator<Violation> {
  const held = new Set(
    versions.filter((row) => row.state === 'held').map((row) => stagingKey({ ...row, versionId: row.id })),
  );
  for (const { key, lastModified } of objects) {
    if (parseStagingKey(key) === null) yield violation('I6', key, 'is in staging under a key we never wrote');
    const age = (Date.now() - lastModified.getTime()) / 1_000;
    if (age > stagingMaxAgeSec && !held.has(key))
      yield violation('I6', key, `has been in staging for ${Math.round(age)} s`);
  }
}

/** I1: what can be read is there, whole, and is what the verdict names. */
async function servedViolations(store: StoreUnderCheck, row: VersionRow): Promise<Violation[]> {
  const { s3, mainBucket: Bucket, rehashUpTo } = store;
  const Key = objectKey({ ...row, versionId: row.id }, row.bucket);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key })).catch((error: unknown) => {
    if (error instanceof NotFound) return null;
    throw error;
  });
  if (head === null) return [violation('I1', row.id, 'is available and its object is not there')];
  const size = head.ContentLength ?? 0;
  if (String(size) !== row.size)
    return [violation('I1', row.id, `has ${size} bytes in the store, the row says ${row.size}`)];
  if (size > rehashUpTo) return [];
  const hash = createHash('sha256');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  for await (const chunk of Body as AsyncIterable<Uint8Array>) hash.update(chunk);
  const sha256 = hash.digest('hex');
  return sha256 === row.sha256
    ? []
    : [violation('I1', row.id, `serves bytes of sha256 ${sha256}, scanned were ${row.sha256}`)];
}

/** Every version of every object; delete markers hide bytes but hold none. */
async function list(s3: S3Client, Bucket: string, Prefix: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let from: { KeyMarker?: string; VersionIdMarker?: string } | null = {};
  while (from !== null) {
    const page: Awaited<ReturnType<typeof listPage>> = await listPage(s3, { Bucket, Prefix, ...from });
    for (const { Key, LastModified } of page.Versions ?? [])
      if (Key !== undefined) found.push({ key: Key, lastModified: LastModified ?? new Date() });
    from = page.IsTruncated
      ? {
          ...(page.NextKeyMarker !== undefined && { KeyMarker: page.NextKeyMarker }),
          ...(page.NextVersionIdMarker !== undefined && { VersionIdMarker: page.NextVersionIdMarker }),
        }
      : null;
  }
  return found;
}

const listPage = (
  s3: S3Client,
  input: { Bucket: string; Prefix: string; KeyMarker?: string; VersionIdMarker?: string },
) => s3.send(new ListObjectVersionsCommand(input));
