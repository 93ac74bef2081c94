import { CreateBucketCommand, DeleteBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { stackStore } from '@custody/testing';
import { randomUUID } from 'node:crypto';
import { StoreCannotPin } from './object-store.errors.js';
import { probePinning } from './probe-pinning.js';
import { S3ObjectStore } from './s3/s3-object-store.js';
import type { StorageOptions } from './storage.options.js';

const owner = stackStore('owner');
const bucket = `probe-${randomUUID()}`;
const admin = new S3Client(owner);

async function probe(options: StorageOptions, access: 'read' | 'copy' = 'read') {
  const store = new S3ObjectStore(options);
  try {
    return await probePinning(store, access);
  } finally {
    store.close();
  }
}

beforeAll(async () => {
  await admin.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(async () => {
  await admin.send(new DeleteBucketCommand({ Bucket: bucket })); // fails unless the probe cleaned up
  admin.destroy();
});

describe('probePinning', () => {
  it('accepts a versioned store and leaves nothing behind', async () => {
    const store = new S3ObjectStore(owner);
    await expect(probePinning(store, 'copy')).resolves.toEqual({ conditionalPut: expect.any(Boolean) });
    for await (const { key } of store.listStaging('_probe/')) throw new Error(`left ${key}`);
    for await (const { key } of store.listMain('_probe/')) throw new Error(`left ${key}`);
    store.close();
  });

  it('accepts the credentials of the API, which read only', async () => {
    await expect(probe(stackStore('api'))).resolves.toBeDefined();
    await expect(probe(stackStore('api'), 'copy')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('refuses a bucket without versions and says what to switch on', async () => {
    const refused = probe({ ...owner, stagingBucket: bucket });
    await expect(refused).rejects.toBeInstanceOf(StoreCannotPin);
    await expect(refused).rejects.toThrow('PutBucketVersioning, Status=Enabled');
  });

  it('refuses a bucket whose versioning is suspended', async () => {
    for (const Status of ['Enabled', 'Suspended'] as const) {
      await admin.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));
    }
    await expect(probe({ ...owner, stagingBucket: bucket })).rejects.toBeInstanceOf(StoreCannotPin);
  });

  it('does not mistake an outage or a missing bucket for a store that cannot pin', async () => {
    const unreachable = { ...owner, endpoint: 'http://127.0.0.1:1', limits: { maxAttempts: 1 } };
    await expect(probe(unreachable)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(probe({ ...owner, stagingBucket: `absent-${bucket}` })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});
