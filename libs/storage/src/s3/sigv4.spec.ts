import { S3RequestPresigner } from '@aws-sdk/s3-request-presigner';
import fc from 'fast-check';
import { S3Client } from '@aws-sdk/client-s3';
import { escapeUri, signedQuery } from './sigv4.js';

const { sha256 } = new S3Client({ region: 'x' }).config;

/** What the SDK signs, by name. */
async function signedBySdk(signable: Parameters<typeof signedQuery>[0], terms: Parameters<typeof signedQuery>[1]) {
  const { region, at, expiresInSec } = terms;
  const { sessionToken, ...keys } = terms.credentials;
  const credentials = sessionToken === undefined ? keys : { ...keys, sessionToken };
  const names = Object.keys(signable.headers);
  const signer = new S3RequestPresigner({ region, credentials, sha256 });
  const { query } = await signer.presign(
    {
      method: signable.method,
      protocol: 'https:',
      hostname: signable.host,
      path: signable.path,
      query: { ...signable.query },
      headers: { ...signable.headers, host: signable.host },
    },
    {
      expiresIn: expiresInSec,
      signingDate: at,
      signableHeaders: new Set(['host', ...names]),
      unhoistableHeaders: new Set(names),
    },
  );
  return query;
}

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }).filter((value) => value.isWellFormed());
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
const headerValue = fc.stringMatching(/^[!-~]([ !-~]{0,30}[!-~])?$/);
const signable = fc.record({
  method: fc.constantFrom('GET', 'PUT'),
  host: fc.domain(),
  path: fc.array(text, { minLength: 1, maxLength: 5 }).map((parts) => `/${parts.map(escapeUri).join('/')}`),
  headers: fc.dictionary(
    word.map((name) => `x-amz-meta-${name}`),
    headerValue,
    { maxKeys: 4 },
  ),
  query: fc.dictionary(
    word.map((name) => `response-${name}`),
    text,
    { maxKeys: 4 },
  ),
});
const terms = fc.record({
  region: word,
  credentials: fc.record(
    { accessKeyId: word, secretAccessKey: text, sessionToken: text },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  ),
  at: fc.date({ min: new Date('2020-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
  expiresInSec: fc.integer({ min: 1, max: 604_800 }),
});

describe('signing', () => {
  it('gives what the SDK gives, for thousands of requests, secrets and days', async () => {
    await fc.assert(
      fc.asyncProperty(signable, terms, async (request, by) => {
        const ours = Object.fromEntries(new URLSearchParams(signedQuery(request, by).replaceAll('+', '%2B')));
        expect(ours).toEqual(await signedBySdk(request, by));
      }),
      { numRuns: 2_000 },
    );
  }, 60_000);
});
