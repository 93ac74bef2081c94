import { jest } from '@jest/globals';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { randomStream, stackStore } from '@custody/testing';
import { createHash, randomUUID } from 'node:crypto';
import type { StagingVersion } from '../object-store.requests.js';
import { S3ObjectStore } from './s3-object-store.js';

jest.setTimeout(60_000);

const MiB = 1024 ** 2;
const SIZE = 12 * MiB + 3;

describe('promotion by parts', () => {
  const limits = { maxSingleCopyBytes: 6 * MiB, copyPartBytes: 5 * MiB, copyConcurrency: 1 };
  const options = stackStore('owner');
  const store = new S3ObjectStore({ ...options, limits });
  const admin = new S3Client(options);
  const key = `${randomUUID()}/staging/${randomUUID()}/${randomUUID()}`;
  let pinned: StagingVersion;
  let sha256: string;

  beforeAll(async () => {
    const { body, digest } = randomStream(SIZE);
    const { versionId } = await store.putStream(key, body, { contentType: 'video/mp4' });
    pinned = { bucket: 'staging', key, versionId };
    sha256 = digest();
  });
  afterAll(async () => {
    await store.deleteStaging(key);
    await store.deleteMain(key);
    store.close();
    admin.destroy();
  });

  it('leaves no upload behind when it is stopped half-way', async () => {
    const stop = new AbortController();
    const stopped = store.promote(pinned, key, spec(), stop.signal);
    // The copy is under way once its upload is known to the store.
    const deadline = Date.now() + 10_000;
    const watcher = (async () => {
      while (Date.now() < deadline && !stop.signal.aborted) {
        if ((await uploads()) > 0) stop.abort();
      }
    })();
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    await watcher;
    expect(await uploads()).toBe(0);
    expect(await store.head({ bucket: 'main', key })).toBeNull();
  });

  it('copies every byte, type, disposition and digest', async () => {
    expect(await store.promote(pinned, key, spec())).toMatchObject({ size: SIZE, existed: false });
    const main = { bucket: 'main', key } as const;
    expect(await store.head(main)).toMatchObject({
      size: SIZE,
      contentType: 'video/mp4',
      contentDisposition: 'inline',
      metadata: { sha256 },
    });
    const hash = createHash('sha256');
    for await (const chunk of (await store.open(main)).body) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(sha256);
    expect(await store.promote(pinned, key, spec())).toMatchObject({ existed: true });
  });

  it('copies what the API took in with the credentials of the worker, which may read but did not write it', async () => {
    const [api, worker] = [
      new S3ObjectStore(stackStore('api')),
      new S3ObjectStore({ ...stackStore('worker'), limits }),
    ];
    const theirs = `${randomUUID()}/staging/${randomUUID()}/${randomUUID()}`;
    try {
      const { body, digest } = randomStream(SIZE);
      const { versionId } = await api.putStream(theirs, body, { contentType: 'video/mp4' });
      await api.putStream(theirs, randomStream(SIZE).body, { contentType: 'video/mp4' });
      const copied = { ...spec(), sha256: digest() };
      await worker.promote({ bucket: 'staging', key: theirs, versionId }, theirs, copied);
      const hash = createHash('sha256');
      for await (const chunk of (await worker.open({ bucket: 'main', key: theirs })).body) hash.update(chunk as Buffer);
      expect(hash.digest('hex')).toBe(copied.sha256);
    } finally {
      await worker.deleteStaging(theirs);
      await worker.deleteMain(theirs);
      api.close();
      worker.close();
    }
  });

  const spec = () => ({ contentType: 'video/mp4', contentDisposition: 'inline', size: SIZE, sha256 });
  const uploads = async () => {
    const { Uploads } = await admin.send(new ListMultipartUploadsCommand({ Bucket: options.mainBucket, Prefix: key }));
    return Uploads?.length ?? 0;
  };
});
