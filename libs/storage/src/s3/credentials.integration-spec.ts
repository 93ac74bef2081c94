import { jest } from '@jest/globals';
import { stackStore } from '@custody/testing';
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { S3ObjectStore } from './s3-object-store.js';

jest.setTimeout(60_000);

const api = new S3ObjectStore(stackStore('api'));
const worker = new S3ObjectStore(stackStore('worker'));
const key = `${randomUUID()}/staging/${randomUUID()}/${randomUUID()}`;
const bytes = Buffer.from('an upload');
const spec = {
  contentType: 'text/plain',
  contentDisposition: 'attachment',
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
};
const denied = { code: 'ACCESS_DENIED', retryable: false };

afterAll(async () => {
  await worker.deleteStaging(key);
  await worker.deleteMain(key);
  api.close();
  worker.close();
});

describe('S10 store credentials', () => {
  it('the API writes and clears staging, the worker promotes', async () => {
    const { versionId } = await api.putStream(key, Readable.from([bytes]), { contentType: 'text/plain' });
    const pinned = { bucket: 'staging', key, versionId } as const;
    await expect(api.promote(pinned, key, spec)).rejects.toMatchObject(denied);
    await expect(worker.promote(pinned, key, spec)).resolves.toMatchObject({ existed: false });
    expect(await api.readHead({ bucket: 'main', key }, 64)).toEqual(bytes);
  });

  it('the API can neither write, replace nor delete in main', async () => {
    const put = api.putDerived(key, Readable.from([Buffer.from('swapped')]), spec);
    await expect(put).rejects.toMatchObject(denied);
    await expect(api.deleteMain(key)).rejects.toMatchObject(denied);
    expect(await worker.readHead({ bucket: 'main', key }, 64)).toEqual(bytes);
  });

  it('a URL signed by the API cannot write main', async () => {
    const { url } = await api.presignGet({ key, expiresInSec: 60 });
    const answer = await fetch(url, { method: 'PUT', body: 'swapped' });
    expect(answer.status).toBe(403);
  });

  it.each([
    ['the API, which Ceph 16 lets delete one by one only', () => api],
    ['the worker', () => worker],
  ])('%s clears staging of many keys', async (_, who) => {
    const keys = Array.from({ length: 3 }, () => `${key}/${randomUUID()}`);
    for (const each of [...keys, ...keys])
      await api.putStream(each, Readable.from([bytes]), { contentType: 'text/plain' });
    expect(await who().clearStaging(keys)).toBe(6);
    expect(await who().clearStaging(keys)).toBe(0);
  });

  it('wrong credentials are refused, not retried', async () => {
    const options = stackStore('api');
    const forged = { ...options.credentials, secretAccessKey: 'x'.repeat(40) };
    const stranger = new S3ObjectStore({ ...options, credentials: forged });
    await expect(stranger.ping()).rejects.toMatchObject(denied);
    stranger.close();
  });
});
