import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
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

  it('addresses buckets by host name and by the rules of AWS where no endpoint is given', async () => {
    const { endpoint: _private, publicEndpoint: _public, ...aws } = base;
    const store = new S3ObjectStore({ ...aws, forcePathStyle: false, sse: 'none' });
    expect((await store.presignPut(request)).url).toMatch(
      /^https:\/\/staging\.s3\.eu-central-1\.amazonaws\.com\/t\/staging\/f\/v\?/,
    );
  });

  it('signs exactly what the SDK signs', async () => {
    const store = new S3ObjectStore({ ...base, sse: 'none' });
    const client = new S3Client({
      ...base,
      endpoint: base.publicEndpoint,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
    const key = "a b/ü!'()*+~/v";
    const contentDisposition = `attachment; filename="a b.pdf"; filename*=UTF-8''%C3%BC%27.pdf`;
    const { url } = await store.presignGet({ key, expiresInSec: 60, contentDisposition });
    const parsed = new URL(url);
    const date = parsed.searchParams.get('X-Amz-Date') ?? '';
    const signingDate = new Date(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5'));
    const command = new GetObjectCommand({ Bucket: 'main', Key: key, ResponseContentDisposition: contentDisposition });
    // The SDK adds a parameter of its own to every URL; the rest must agree, the encoding included.
    command.middlewareStack.add(
      (next) => (args) => {
        delete (args.request as { query: Record<string, string> }).query['x-id'];
        return next(args);
      },
      { step: 'build' },
    );
    expect(parsed.href).toBe(url);
    expect(parts(url)).toEqual(parts(await getSignedUrl(client, command, { expiresIn: 60, signingDate })));
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

function parts(url: string): string[] {
  const [path, query = ''] = url.split('?');
  return [path ?? '', ...query.split('&').toSorted()];
}
