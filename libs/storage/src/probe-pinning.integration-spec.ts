import { jest } from '@jest/globals';
import { CreateBucketCommand, DeleteBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { stackStore } from '@custody/testing';
import { randomUUID } from 'node:crypto';
import { StoreCannotPin } from './object-store.errors.js';
import { probePinning } from './probe-pinning.js';
import { S3ObjectStore } from './s3/s3-object-store.js';
import type { StorageOptions } from './storage.options.js';

jest.setTimeout(60_000);

const owner = stackStore('owner');
const bucket = `probe-${randomUUID()}`;
const main = `${bucket}-main`;
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
  for (const Bucket of [bucket, main]) await admin.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  // S3 deletes empty buckets only: this fails unless every probe has cleaned up.
  for (const Bucket of [bucket, main]) await admin.send(new DeleteBucketCommand({ Bucket }));
  admin.destroy();
});

const version = (Status: 'Enabled' | 'Suspended') =>
  admin.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status } }));

describe('probePinning', () => {
  it('accepts the credentials of the API, which read only', async () => {
    await expect(probe(stackStore('api'))).resolves.toBeDefined();
    await expect(probe(stackStore('api'), 'copy')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('refuses a bucket without versions and says what to switch on', async () => {
    const refused = probe({ ...owner, stagingBucket: bucket });
    await expect(refused).rejects.toBeInstanceOf(StoreCannotPin);
    await expect(refused).rejects.toThrow('PutBucketVersioning, Status=Enabled');
  });

  it('accepts it once versions are on, and not when they are suspended again', async () => {
    const options = { ...owner, stagingBucket: bucket, mainBucket: main };
    await version('Enabled');
    await expect(probe(options, 'copy')).resolves.toEqual({ conditionalPut: expect.any(Boolean) as boolean });
    await version('Suspended');
    await expect(probe(options)).rejects.toBeInstanceOf(StoreCannotPin);
  });

  it('does not mistake an outage or a missing bucket for a store that cannot pin', async () => {
    const unreachable = { ...owner, endpoint: 'http://127.0.0.1:1', limits: { maxAttempts: 1 } };
    await expect(probe(unreachable)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(probe({ ...owner, stagingBucket: `absent-${bucket}` })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
    });
  });
});
