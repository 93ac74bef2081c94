import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { ObjectStoreError, StoreCannotPin } from './object-store.errors.js';
import type { ObjectStore } from './object-store.js';
import type { StoredVersion } from './object-store.records.js';

/** What a store can do beyond what Custody insists on. */
export interface StoreCapabilities {
  /** `If-None-Match: *` is honoured: a second PUT on one upload URL is refused by the store itself. */
  readonly conditionalPut: boolean;
}

const FIRST = 'custody probe: first version';
const SECOND = 'custody probe: second version, longer';
/** sha256 of FIRST is of no interest to anybody; the metadata only has to survive the copy. */
const PROBE_DIGEST = '0'.repeat(64);

/**
 * Proves at start-up that one version of an object can be named, read and (`access: 'copy'`, for who may write main)
 * copied although a newer one hides it. Works under `_probe/` and cleans up.
 * Throws `StoreCannotPin`, or `ObjectStoreError` when the store cannot be asked.
 */
export async function probePinning(store: ObjectStore, access: 'read' | 'copy'): Promise<StoreCapabilities> {
  const key = `_probe/${randomUUID()}`;
  try {
    const first = await put(store, key, FIRST, 'always');
    const second = await put(store, key, SECOND, 'always');
    if (first.versionId === second.versionId)
      throw new StoreCannotPin('The staging bucket gave two objects one version id');
    await proveRead(store, first);
    if (access === 'copy') await proveCopy(store, first, key);
    return { conditionalPut: await refusesSecondPut(store, key) };
  } finally {
    await store.deleteStaging(key);
    if (access === 'copy') await store.deleteMain(key);
  }
}

function put(store: ObjectStore, key: string, text: string, when: 'always' | 'if-absent'): Promise<StoredVersion> {
  return store.putStream(key, Readable.from([Buffer.from(text)]), { contentType: 'text/plain', when });
}

async function proveRead(store: ObjectStore, { key, versionId }: StoredVersion): Promise<void> {
  const bytes = await store.readHead({ bucket: 'staging', key, versionId }, 1024);
  if (bytes.toString() !== FIRST) throw new StoreCannotPin('The staging bucket does not read by version id');
}

async function proveCopy(store: ObjectStore, { key, versionId }: StoredVersion, mainKey: string): Promise<void> {
  const spec = {
    contentType: 'text/plain',
    contentDisposition: 'attachment',
    size: FIRST.length,
    sha256: PROBE_DIGEST,
  };
  await store.promote({ bucket: 'staging', key, versionId }, mainKey, spec);
  const bytes = await store.readHead({ bucket: 'main', key: mainKey }, 1024);
  if (bytes.toString() !== FIRST) throw new StoreCannotPin('The store does not copy by version id');
}

async function refusesSecondPut(store: ObjectStore, key: string): Promise<boolean> {
  try {
    await put(store, key, SECOND, 'if-absent');
    return false;
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    if (error.code === 'PRECONDITION_FAILED') return true;
    // 501 or 400: the store does not know the header. That is an answer; an outage is not.
    if (error.code === 'INVALID_REQUEST') return false;
    throw error;
  }
}
