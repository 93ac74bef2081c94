import { DeleteObjectsCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { ObjectStoreError } from '../object-store.errors.js';
import type { StagedVersion } from '../object-store.records.js';
import { inLanes } from './in-lanes.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { byKey, deleteVersion, pageOfVersions, versionsOfKey } from './s3-list.js';

/** One page of a listing costs a store and us as much as asking for so many keys each by itself (measured with Ceph 16). */
const WORTH_A_PAGE = 12;
const LISTS_AT_A_TIME = 4;
/** S3 takes 1,000; Ceph works them off one after the other, so a few shorter requests side by side are done sooner. */
const DELETED_AT_A_TIME = 20;
const DELETES_AT_A_TIME = 4;

/** Deletes all versions and delete markers of these staging keys. Resolves to how many there were. */
export async function clearStaging(s3: S3Context, keys: readonly string[], signal?: AbortSignal): Promise<number> {
  const found: StagedVersion[] = [];
  const alone: string[] = [];
  for (const neighbours of Map.groupBy(new Set(keys), firstSegment).values())
    alone.push(...(await findInPages(s3, neighbours.sort(byKey), found, signal)));
  await inLanes(LISTS_AT_A_TIME, alone, async (key) => {
    found.push(...(await versionsOfKey(s3, s3.staging, key, signal)));
  });
  const batches = Array.from({ length: Math.ceil(found.length / DELETED_AT_A_TIME) }, (_, at) =>
    found.slice(at * DELETED_AT_A_TIME, (at + 1) * DELETED_AT_A_TIME),
  );
  await inLanes(DELETES_AT_A_TIME, batches, (batch) => deleteVersions(s3, batch, signal));
  return found.length;
}

/** A tenant's keys begin with the tenant. */
const firstSegment = (key: string): string => key.slice(0, key.indexOf('/') + 1);

/** Adds the versions of these keys to `found`, page by page while a page holds enough of them. Resolves to the keys that were not reached. */
async function findInPages(
  s3: S3Context,
  keys: readonly string[],
  found: StagedVersion[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  let left = keys;
  for (let reached = WORTH_A_PAGE; reached >= WORTH_A_PAGE && left.length >= WORTH_A_PAGE;) {
    const [first = ''] = left;
    // A listing begins after its marker, which no key is.
    const { versions, isLast } = await pageOfVersions(s3, s3.staging, firstSegment(first), first.slice(0, -1), signal);
    // Versions of a page's last key may go on in the next page.
    const end = isLast ? undefined : (versions.at(-1)?.key ?? first);
    const whole = new Set(left.filter((key) => end === undefined || byKey(key, end) < 0));
    found.push(...versions.filter(({ key }) => whole.has(key)));
    left = left.filter((key) => !whole.has(key));
    reached = whole.size;
  }
  return left;
}

/** Ceph 16 refuses one request for many to whom the bucket's policy lets delete objects, but not of the bucket; then each is asked for by itself. */
async function deleteVersions(s3: S3Context, versions: readonly StagedVersion[], signal?: AbortSignal): Promise<void> {
  try {
    await deleteTogether(s3, versions, signal);
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) throw error;
    for (const version of versions) await deleteVersion(s3, s3.staging, version, signal);
  }
}

async function deleteTogether(s3: S3Context, versions: readonly StagedVersion[], signal?: AbortSignal): Promise<void> {
  const command = new DeleteObjectsCommand({
    Bucket: s3.staging,
    Delete: { Objects: versions.map(({ key, versionId }) => ({ Key: key, VersionId: versionId })), Quiet: true },
  });
  const { Errors: kept = [] } = await s3.io.send(command, abortable(signal));
  const [first] = kept;
  if (first !== undefined)
    throw new ObjectStoreError('UNAVAILABLE', `clearStaging: the store kept ${kept.length} versions: ${first.Code}`);
}
