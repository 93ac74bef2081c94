import fc from 'fast-check';
import { recordRedaction } from './redaction.js';

const redact = recordRedaction(['s3cr3t/of+this"process', 'short']);
const record = (fields: object) => redact(`${JSON.stringify({ level: 'info', ...fields })}\n`);

/** Somewhere a developer could put a string: a message, an error, deep in an object or an array. */
const places: fc.Arbitrary<(text: string) => object> = fc.constantFrom(
  (text: string) => ({ msg: text }),
  (text: string) => ({ msg: `failed: ${text} (retrying)` }),
  (text: string) => ({ err: { type: 'Error', message: text, stack: `Error: ${text}\n    at file.ts:1:1` } }),
  (text: string) => ({ a: [{ b: { url: text } }, [text]] }),
  (text: string) => ({ msg: JSON.stringify({ nested: { url: text } }) }),
);
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const base64 = fc.stringMatching(/^[A-Za-z0-9+/]{24,60}$/);

/** A text that gives away a secret, and the part that must be gone. */
const leaks = fc.oneof(
  hex(64).map((s) => [`http://s3/b/k?X-Amz-Expires=900&X-Amz-Signature=${s}&x-id=PutObject`, s]),
  hex(64).map((s) => [encodeURIComponent(`http://s3/b/k?X-Amz-Signature=${s}`), s]),
  hex(20).map((s) => [`https://s3/k?X-Amz-Credential=${s}%2F20261121%2Fus-east-1%2Fs3%2Faws4_request`, s]),
  base64.map((s) => [`https://s3/k?x-amz-security-token=${encodeURIComponent(s)}&x=1`, encodeURIComponent(s)]),
  hex(64).map((s) => [`AWS4-HMAC-SHA256 Credential=AKIA/x, SignedHeaders=host, Signature=${s}`, s]),
  base64.map((s) => [`authorization: Bearer ${s}`, s]),
  base64.map((s) => [`bearer ${s}`, s]),
  hex(30).map((s) => [`token eyJhbGciOiJSUzI1NiJ9.eyJ${s}.${s}`, s]),
  hex(32).map((s) => [`POST /internal/s3-events/${s}?x=1`, s]),
  hex(32).map((s) => [`POST /api/internal/s3-events/${s}`, s]),
  hex(32).map((s) => [`GET /uppy/t/${s}/s3/params?filename=a`, s]),
  hex(32).map((s) => [`GET /uppy/s3/params?filename=${s}&type=a`, s]),
  hex(32).map((s) => [`GET /events?access_token=${s}`, s]),
  hex(32).map((s) => [`connect postgresql://custody_app:${s}@db:5432/custody`, s]),
  base64.map((s) => [`the secret whsec_${s} is new`, s]),
  hex(32).map((s) => [`connect redis://:${s}@redis:6379`, s]),
) as fc.Arbitrary<[string, string]>;

describe('redaction', () => {
  it('removes what stands under a secret name that is spelt with escapes', () => {
    expect(redact('{"p\\u0061ssword":"hunter22"}\n')).toBe('{"password":"[redacted]"}\n');
  });

  it('removes secrets by their shape, wherever they stand', () => {
    fc.assert(
      fc.property(places, leaks, fc.string(), (place, [text, secret], prefix) => {
        const written = record(place(`${prefix} ${text}`));
        expect(written).not.toContain(secret);
        expect(written).toContain('[redacted]');
      }),
      { numRuns: 1_000 },
    );
  });

  it('removes what stands under a secret name, at any depth, whatever its type', () => {
    const names = fc.constantFrom(
      ...['authorization', 'Authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password', 'dbPassword'],
      ...['secretAccessKey', 'S3_SECRET_ACCESS_KEY', 'refresh_token', 'token', 'clientSecret', 'x-amz-security-token'],
    );
    const values = fc.constantFrom<(secret: string) => unknown>(
      (secret) => secret,
      (secret) => [secret, secret],
      (secret) => ({ inner: secret }),
    );
    fc.assert(
      fc.property(names, hex(24), values, fc.nat(3), (name, secret, wrap, depth) => {
        let fields: object = { [name]: wrap(secret) };
        for (let level = 0; level < depth; level += 1) fields = { level: [fields] };
        expect(record(fields)).not.toContain(secret);
      }),
    );
  });

  it('removes the literal secrets of the process, as they are and percent-encoded', () => {
    const written = record({
      msg: 's3cr3t/of+this"process',
      url: `/x?k=${encodeURIComponent('s3cr3t/of+this"process')}`,
    });
    expect(written).not.toMatch(/s3cr3t|of\+this|of%2Bthis/);
    expect(record({ msg: 'short' })).toContain('short');
  });

  it('keeps what is no secret', () => {
    const fields = {
      level: 'info',
      msg: 'file 7 of tenant t is available',
      url: '/v1/files?limit=50&cursor=abc',
      size: 5_368_709_120,
      path: 'http://s3:8080/bucket/key',
      tokens: 3,
      secretMissing: null,
    };
    expect(JSON.parse(record(fields))).toEqual(fields);
  });

  it('is one line of valid JSON whatever is in a filename (S35)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'binary' }), (filename, tail) => {
        const written = record({ filename: `${filename}\r\n\u2028\u0085\u202e{"level":"fatal"}${tail}`, msg: tail });
        expect(written.endsWith('\n')).toBe(true);
        expect(written.slice(0, -1)).not.toMatch(/[\n\r\u0085\u2028\u2029\u202e]/);
        expect(() => JSON.parse(written) as unknown).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it('makes one record of text that is no JSON', () => {
    expect(JSON.parse(redact('warning:\nsomething\n'))).toEqual({ msg: 'warning:\nsomething' });
  });
});
