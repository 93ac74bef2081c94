import { S3Client } from '@aws-sdk/client-s3';
import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import {
  escapeUri,
  presignUrl,
  signRequest,
  type PresignInput,
  type SignInput,
  type SigningCredentials,
} from './sigv4.js';

const { sha256 } = new S3Client({ region: 'none' }).config;

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((one) => one.isWellFormed());
const headerName = fc.stringMatching(/^(content|if|x-amz)-[a-z0-9-]{1,20}$/).filter((name) => !name.endsWith('sha256'));
const headerValue = fc.string({ unit: 'grapheme-ascii', maxLength: 60 });
const queryName = fc.stringMatching(/^[a-z][A-Za-z-]{0,20}$/).filter((name) => name !== 'constructor');
const requests = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  key: fc.array(text, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/')),
  headers: fc.dictionary(headerName, headerValue, { maxKeys: 5, noNullPrototype: true }),
  query: fc.dictionary(queryName, text, { maxKeys: 4, noNullPrototype: true }),
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'default'),
  signedAt: fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
  expiresInSec: fc.integer({ min: 1, max: 604_800 }),
  accessKeyId: fc.stringMatching(/^[A-Z0-9]{3,20}$/),
  secretAccessKey: fc.string({ minLength: 1, maxLength: 40 }),
  sessionToken: fc.option(fc.base64String({ minLength: 4, maxLength: 80 }), { nil: undefined }),
  port: fc.constantFrom('', ':9000'),
});

describe('presignUrl', () => {
  it('signs what the SDK signs, for thousands of requests', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ key, port, accessKeyId, secretAccessKey, sessionToken, ...request }) => {
        const host = `store.example.com${port}`;
        const credentials = { accessKeyId, secretAccessKey, sessionToken };
        const path = `/main/${key.split('/').map(escapeUri).join('/')}`;
        const input = { ...request, origin: `http://${host}`, host, path };
        expect(parts(presignUrl(input, credentials))).toEqual(await bySdk(input, credentials));
      }),
      { numRuns: 2000 },
    );
  });

  it('signs with the key of the day, also across midnight', () => {
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
    const at = (time: string) => presignUrl({ ...plain, signedAt: new Date(time) }, credentials);
    const before = at('2026-01-01T23:59:59Z');
    expect(at('2026-01-02T00:00:00Z')).not.toBe(before);
    expect(at('2026-01-01T23:59:59Z')).toBe(before);
  });

  it('forgets the key when the secret changes under the same id', () => {
    const signed = (secretAccessKey: string) => presignUrl(plain, { accessKeyId: 'id', secretAccessKey });
    const one = signed('one');
    expect(signed('two')).not.toBe(one);
    expect(signed('one')).toBe(one);
  });
});

describe('signRequest', () => {
  it('signs what the SDK signs, for thousands of requests', async () => {
    await fc.assert(
      fc.asyncProperty(requests, async ({ key, port, accessKeyId, secretAccessKey, sessionToken, ...request }) => {
        const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
        const path = `/main/${key.split('/').map(escapeUri).join('/')}`;
        const input = { ...request, host: `store.example.com${port}`, path };
        const { headers } = signRequest(input, credentials);
        expect(headers).toEqual(await headersBySdk(input, credentials));
      }),
      { numRuns: 2000 },
    );
  });
});

async function headersBySdk(input: SignInput, credentials: SigningCredentials): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const { signer } = new S3Client({ region: input.region, credentials: identity }).config;
  const signed = await (
    await signer()
  ).sign(
    {
      method: input.method,
      protocol: 'http:',
      hostname: 'store.example.com',
      path: input.path,
      query: { ...input.query },
      headers: { ...input.headers, host: input.host },
    },
    { signingDate: input.signedAt },
  );
  return signed.headers;
}

const plain: PresignInput = {
  method: 'GET',
  origin: 'https://store.example.com',
  host: 'store.example.com',
  path: '/main/k',
  headers: {},
  query: {},
  region: 'us-east-1',
  signedAt: new Date('2026-01-01T00:00:00Z'),
  expiresInSec: 60,
};

async function bySdk(input: PresignInput, credentials: SigningCredentials): Promise<string[]> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const identity = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  const presigner = new S3RequestPresigner({ region: input.region, credentials: identity, sha256 });
  const names = Object.keys(input.headers);
  const { protocol, hostname, port } = new URL(input.origin);
  const signed = await presigner.presign(
    {
      method: input.method,
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path: input.path,
      query: { ...input.query },
      headers: { ...input.headers, host: input.host },
    },
    {
      expiresIn: input.expiresInSec,
      signingDate: input.signedAt,
      signableHeaders: new Set(['host', ...names]),
      unhoistableHeaders: new Set(names),
    },
  );
  const query = Object.entries(signed.query ?? {}).map(
    ([name, value]) => `${escapeUri(name)}=${escapeUri(String(value))}`,
  );
  return parts(`${input.origin}${signed.path}?${query.join('&')}`);
}

function parts(url: string): string[] {
  const [path = '', query = ''] = url.split('?');
  return [path, ...query.split('&').toSorted()];
}
