import { jest } from '@jest/globals';
import { FaultProxy, objectStoreConformance, stackStore } from '@custody/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { probePinning } from '../probe-pinning.js';
import { S3ObjectStore } from './s3-object-store.js';

jest.setTimeout(60_000);

const store = new S3ObjectStore(stackStore('owner'));
afterAll(() => store.close());

objectStoreConformance(async () => ({ store, ...(await probePinning(store, 'copy')) }));

describe('a byte that changes on its way to the store', () => {
  const MiB = 1024 ** 2;
  const bytes = randomBytes(12 * MiB);

  it('is refused, and nothing is left', async () => {
    const options = stackStore('owner');
    const { hostname, port } = new URL(options.endpoint);
    const proxy = await FaultProxy.listen({ host: hostname, port: Number(port) });
    const onTheWay = new S3ObjectStore({ ...options, endpoint: `http://127.0.0.1:${proxy.port}` });
    const key = `conformance/${randomUUID()}`;
    const put = () => onTheWay.putStream(key, Readable.from([bytes]), { contentType: 'text/plain' });
    try {
      proxy.fault = { kind: 'flip', direction: 'toServer', afterBytes: 3 * MiB };
      await expect(put()).rejects.toMatchObject({ name: 'ObjectStoreError' });
      expect(await store.head({ bucket: 'staging', key })).toBeNull();
      expect(await store.abortMultiparts({ bucket: 'staging', key })).toBe(0);
      proxy.fault = { kind: 'none' };
      proxy.resetAll();
      expect(await put()).toMatchObject({ size: bytes.length });
    } finally {
      onTheWay.close();
      await store.deleteStaging(key);
      await proxy.close();
    }
  });
});
