import { S3ObjectStore } from './s3-object-store.js';

const base = {
  endpoint: 'http://store.internal:9000',
  publicEndpoint: 'https://files.example.com',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
  stagingBucket: 'staging',
  mainBucket: 'main',
  forcePathStyle: true,
} as const;
const request = { key: 't/staging/f/v', contentType: 'image/png', size: 5, expiresInSec: 900 };

describe('presigning', () => {
  it('signs for the endpoint of the clients, not for our own', async () => {
    const store = new S3ObjectStore({ ...base, sse: 'none' });
    expect((await store.presignPut(request)).url).toMatch(
      /^https:\/\/files\.example\.com\/staging\/t\/staging\/f\/v\?/,
    );
    const { url } = await store.presignGet({ key: 't/documents/f/v', expiresInSec: 60 });
    expect(url).toMatch(/^https:\/\/files\.example\.com\/main\/t\/documents\/f\/v\?/);
  });

  it('M7 signs length, type, condition, encryption and digest as headers, none of them in the query', async () => {
    const store = new S3ObjectStore({ ...base, sse: 'AES256' });
    const { url, headers } = await store.presignPut({ ...request, sha256: 'ab'.repeat(32) });
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')?.split(';').toSorted()).toEqual([
      'content-length',
      'content-type',
      'host',
      'if-none-match',
      'x-amz-checksum-sha256',
      'x-amz-server-side-encryption',
    ]);
    expect(headers).toEqual({
      'content-type': 'image/png',
      'if-none-match': '*',
      'x-amz-checksum-sha256': Buffer.from('ab'.repeat(32), 'hex').toString('base64'),
      'x-amz-server-side-encryption': 'AES256',
    });
    expect([...query.keys()].filter((name) => /checksum|encryption/i.test(name))).toEqual([]);
  });

  it('asks for neither digest nor encryption where none is wanted', async () => {
    const { headers } = await new S3ObjectStore({ ...base, sse: 'none' }).presignPut(request);
    expect(headers).toEqual({ 'content-type': 'image/png', 'if-none-match': '*' });
  });
});
