import { createHmac, hash } from 'node:crypto';

/** AWS Signature Version 4 for URLs of S3: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export interface Signable {
  readonly method: string;
  readonly host: string;
  /** Already encoded. */
  readonly path: string;
  /** Every one of them is signed, beside Host; lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SigningTerms {
  readonly region: string;
  readonly credentials: Credentials;
  readonly at: Date;
  readonly expiresInSec: number;
}

/** The query of the signed URL, without `?`. */
export function signedQuery({ method, host, path, headers, query }: Signable, terms: SigningTerms): string {
  const { region, credentials, at, expiresInSec } = terms;
  const time = `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const signed = Object.entries({ ...headers, host }).sort(byName);
  const names = signed.map(([name]) => name).join(';');
  const canonicalQuery = Object.entries({
    ...query,
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Content-Sha256': PAYLOAD,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': String(expiresInSec),
    'X-Amz-SignedHeaders': names,
    ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
  })
    .map(([name, value]): [string, string] => [escapeUri(name), escapeUri(value)])
    .sort(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const lines = signed.map(([name, value]) => `${name}:${value.trim().replaceAll(/\s+/g, ' ')}\n`).join('');
  const request = `${method}\n${path}\n${canonicalQuery}\n${lines}\n${names}\n${PAYLOAD}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash('sha256', request)}`;
  const signature = createHmac('sha256', signingKey(credentials.secretAccessKey, scope)).update(text).digest('hex');
  return `${canonicalQuery}&X-Amz-Signature=${signature}`;
}

/** The bytes are the client's, and unknown here. */
const PAYLOAD = 'UNSIGNED-PAYLOAD';

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number => (a < b ? -1 : a > b ? 1 : 0);

/** Of a day, a region and a secret. One process signs with one secret at a time: only the last key is kept. */
let last: { readonly secret: string; readonly scope: string; readonly key: Buffer } | null = null;

function signingKey(secret: string, scope: string): Buffer {
  if (last?.secret === secret && last.scope === scope) return last.key;
  const step = (key: Buffer, part: string) => createHmac('sha256', key).update(part).digest();
  const key = scope.split('/').reduce(step, Buffer.from(`AWS4${secret}`));
  last = { secret, scope, key };
  return key;
}

/** SigV4's UriEncode: everything but the unreserved characters of RFC 3986. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
