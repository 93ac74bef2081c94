import { Readable } from 'node:stream';
import { ObjectStoreBench, TEXT, collect, randomStream, sha256 } from './object-store.bench.js';
import type { ObjectStoreShape } from './object-store.shape.js';
import { presigningConformance } from './presigning.conformance.js';
import { promotionConformance } from './promotion.conformance.js';

/** A real store on a busy machine; its first request to a bucket may take seconds. */
const DEADLINE_MS = 60_000;

/** The adapter to test and whether its probe found that `If-None-Match: *` is honoured. */
export interface ObjectStoreUnderTest {
  readonly store: ObjectStoreShape;
  readonly conditionalPut: boolean;
}

/** What every adapter of the `ObjectStore` port must do; `open` is called once, against a real, versioned store. */
export function objectStoreConformance(open: () => Promise<ObjectStoreUnderTest>): void {
  describe('ObjectStore conformance', () => {
    let bench: ObjectStoreBench;
    beforeAll(async () => {
      const { store, conditionalPut } = await open();
      bench = new ObjectStoreBench(store, conditionalPut);
    }, DEADLINE_MS);
    afterAll(() => bench.clear(), DEADLINE_MS);

    describe('pinned versions', () => pinning(() => bench));
    describe('reading', () => reading(() => bench));
    describe('streamed writing', () => writing(() => bench));
    describe('deleting and listing', () => clearing(() => bench));
    describe('promotion', () => promotionConformance(() => bench));
    describe('presigned URLs', () => presigningConformance(() => bench));
  });
}

function pinning(bench: () => ObjectStoreBench): void {
  it('reads each version by its id though a newer one hides it', async () => {
    const { store, put, read } = bind(bench());
    const first = await put('first');
    const second = await put('second, longer', first.key);
    expect(second.versionId).not.toBe(first.versionId);
    expect((await read(store.open(first))).toString()).toBe('first');
    expect((await store.readHead(second, 6)).toString()).toBe('second');
    expect(await store.head(first)).toMatchObject({ versionId: first.versionId, size: 5, contentType: 'text/plain' });
    expect(await store.head({ bucket: 'staging', key: first.key })).toMatchObject({ versionId: second.versionId });
  });
}

function reading(bench: () => ObjectStoreBench): void {
  it('knows the exact length of the whole and of ranges', async () => {
    const { store, put, read } = bind(bench());
    const pinned = await put('0123456789');
    expect(await open(pinned)).toEqual(['0123456789', 0, 10, 10]);
    expect(await open(pinned, { start: 2, end: 4 })).toEqual(['234', 2, 3, 10]);
    expect(await open(pinned, { start: 7 })).toEqual(['789', 7, 3, 10]);
    expect(await open(pinned, { start: 8, end: 99 })).toEqual(['89', 8, 2, 10]);

    async function open(ref: typeof pinned, range?: { start: number; end?: number }) {
      const opened = store.open(ref, range);
      const { start, length, size } = await opened;
      return [(await read(opened)).toString(), start, length, size];
    }
  });

  it('reads a short head of a long object, all of a short one and nothing of an empty one', async () => {
    const { store, put } = bind(bench());
    const long = await put(Buffer.alloc(300_000, 'x'));
    expect(await store.readHead(long, 4096)).toEqual(Buffer.alloc(4096, 'x'));
    expect((await store.readHead(await put('abc'), 4096)).toString()).toBe('abc');
    expect(await store.readHead(await put(''), 4096)).toHaveLength(0);
  });

  it('peeks at the newest version: what it is and how it begins, of a long, a short and an empty one, null for none', async () => {
    const { store, put } = bind(bench());
    for (const text of ['', 'abc', 'x'.repeat(300_000)]) {
      const { key } = await put('hidden by a newer version');
      const { versionId } = await put(text, key);
      const staged = { bucket: 'staging', key } as const;
      const found = await store.peek(staged, 4096);
      expect(found).toEqual({ ...(await store.head(staged)), firstBytes: Buffer.from(text.slice(0, 4096)) });
      expect(found).toMatchObject({ versionId, size: text.length, contentType: 'text/plain' });
    }
    expect(await store.peek({ bucket: 'staging', key: bench().newKey() }, 4096)).toBeNull();
  });

  it('tells what is not there', async () => {
    const { store, put } = bind(bench());
    const pinned = await put('abc');
    const absent = bench().newKey();
    expect(await store.head({ bucket: 'staging', key: absent })).toBeNull();
    expect(await store.head({ bucket: 'main', key: absent })).toBeNull();
    await expect(store.open({ bucket: 'main', key: absent })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.open({ ...pinned, key: absent })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(store.open(pinned, { start: 3 })).rejects.toMatchObject({ code: 'INVALID_RANGE' });
  });
}

async function* failingAfter(bytes: number, reason = new Error('the client went away')) {
  yield* randomStream(bytes).body;
  throw reason;
}

function writing(bench: () => ObjectStoreBench): void {
  it('stores a long stream of unknown length whole, under a version of its own', async () => {
    const { store, read } = bind(bench());
    const key = bench().newKey();
    const { body, digest } = randomStream(20 * 1024 * 1024 + 17);
    const stored = await store.putStream(key, body, TEXT);
    expect(stored).toMatchObject({ key, size: 20 * 1024 * 1024 + 17 });
    expect(sha256(await read(store.open({ bucket: 'staging', key, versionId: stored.versionId })))).toBe(digest());
  });

  it('keeps bodies apart, side by side and one after the other, also beside one that fails', async () => {
    const { store, read } = bind(bench());
    const MiB = 1024 ** 2;
    for (const sizes of [
      [1, 5 * MiB, 12 * MiB + 17],
      [5 * MiB - 1, 5 * MiB + 1, 26 * MiB],
    ]) {
      const failing = store.putStream(bench().newKey(), Readable.from(failingAfter(16 * MiB)), TEXT);
      const bodies = sizes.map(async (size) => {
        const key = bench().newKey();
        const { body, digest } = randomStream(size);
        const { versionId } = await store.putStream(key, body, TEXT);
        return { sent: digest(), pinned: { bucket: 'staging', key, versionId } as const };
      });
      await expect(failing).rejects.toThrow('the client went away');
      for (const { sent, pinned } of await Promise.all(bodies))
        expect(sha256(await read(store.open(pinned)))).toBe(sent);
    }
  });

  it.each([1_000, 20 * 1024 * 1024])(
    'leaves nothing when the body fails after %d bytes, and says its reason',
    async (bytes) => {
      const { store } = bind(bench());
      const key = bench().newKey();
      const reason = new Error('the client went away');
      await expect(store.putStream(key, Readable.from(failingAfter(bytes, reason)), TEXT)).rejects.toBe(reason);
      expect(await store.head({ bucket: 'staging', key })).toBeNull();
      expect(await store.abortMultiparts({ bucket: 'staging', key })).toBe(0);
    },
  );

  it('stops at the signal of the caller', async () => {
    const { store } = bind(bench());
    const key = bench().newKey();
    const stop = new AbortController();
    async function* endless() {
      for (let sent = 0; ; sent += 65_536) {
        if (sent > 9 * 1024 * 1024) stop.abort();
        yield Buffer.alloc(65_536);
      }
    }
    const put = store.putStream(key, Readable.from(endless()), { ...TEXT, signal: stop.signal });
    await expect(put).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await store.abortMultiparts({ bucket: 'staging', key })).toBe(0);
  });

  it('writes only if absent when asked to, where the probe says that the store can', async () => {
    const { store, put } = bind(bench());
    const { key } = await put('first');
    const again = store.putStream(key, Readable.from([Buffer.from('second')]), { ...TEXT, when: 'if-absent' });
    if (bench().conditionalPut) await expect(again).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    else await again;
    const size = bench().conditionalPut ? 5 : 6;
    expect(await store.head({ bucket: 'staging', key })).toMatchObject({ size });
  });
}

function clearing(bench: () => ObjectStoreBench): void {
  it('removes every version of one key and no other key', async () => {
    const { store, put } = bind(bench());
    const { key } = await put('first');
    await put('second', key);
    const longer = await put('another key with the same beginning', `${key}0`);
    expect(await store.deleteStaging(key)).toBe(2);
    expect(await store.head({ bucket: 'staging', key })).toBeNull();
    expect(await store.head(longer)).not.toBeNull();
    expect(await store.deleteStaging(key)).toBe(0);
    expect(await store.deleteMain(key)).toBe(0);
    await store.deleteStaging(longer.key);
  });

  it.each([
    ['few', 3],
    ['many', 30],
  ])('removes every version of %s keys and no other key', async (_, count) => {
    const { store, put } = bind(bench());
    const root = bench().newKey();
    const keys = Array.from({ length: count }, (_each, at) => `${root}/${at}`);
    await Promise.all([...keys, `${root}/3x`, `${root}/other`].map((key) => put('one', key)));
    await put('newer', keys[1]);
    expect(await store.clearStaging([...keys, `${root}/absent`])).toBe(count + 1);
    const left = await collect(store.listStaging(`${root}/`));
    expect(left.map(({ key }) => key)).toEqual([`${root}/3x`, `${root}/other`]);
    expect(await store.clearStaging(keys)).toBe(0);
    for (const { key } of left) await store.deleteStaging(key);
  });

  it('lists every version under a prefix in key order, the latest first', async () => {
    const { store, put } = bind(bench());
    const root = bench().newKey();
    const keys = [`${root}/a`, `${root}/b`, `${root}/c`];
    for (const key of keys) await put('one', key);
    const newest = await put('newer', keys[1]);
    const listed = await collect(store.listStaging(`${root}/`));
    expect(listed.map(({ key }) => key)).toEqual([keys[0], keys[1], keys[1], keys[2]]);
    expect(listed[1]).toMatchObject({ versionId: newest.versionId, size: 5, isLatest: true });
    for (const key of keys) await store.deleteStaging(key);
    expect(await collect(store.listStaging(`${root}/`))).toEqual([]);
  });
}

function bind(bench: ObjectStoreBench) {
  return { store: bench.store, put: bench.put.bind(bench), read: bench.read.bind(bench) };
}
