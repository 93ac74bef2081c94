import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface PresignInput {
  readonly method: string;
  /** Scheme and host, and the port where it is not the scheme's own. */
  readonly origin: string;
  readonly host: string;
  /** Escaped already, with its leading slash. */
  readonly path: string;
  /** Names in lower case; every one is signed, beside Host. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly region: string;
  readonly signedAt: Date;
  readonly expiresInSec: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** The body is the client's: its digest is not known when the URL is signed. */
const PAYLOAD = 'UNSIGNED-PAYLOAD';

/**
 * A presigned S3 URL by Signature Version 4 with the parameters in the query.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignUrl(input: PresignInput, credentials: SigningCredentials): string {
  const { method, origin, host, path, region, expiresInSec } = input;
  const dateTime = input.signedAt.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = dateTime.slice(0, 8);
  const scope = `${date}/${region}/s3/aws4_request`;
  const headers = Object.entries({ ...input.headers, host }).toSorted(byName);
  const signedHeaders = headers.map(([name]) => name).join(';');
  const query = queryString({
    ...input.query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Content-Sha256': PAYLOAD,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scope}`,
    'X-Amz-Date': dateTime,
    'X-Amz-Expires': String(expiresInSec),
    'X-Amz-SignedHeaders': signedHeaders,
    ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
  });
  const headerLines = headers.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}\n`).join('');
  const request = `${method}\n${path}\n${query}\n${headerLines}\n${signedHeaders}\n${PAYLOAD}`;
  const text = `${ALGORITHM}\n${dateTime}\n${scope}\n${hash('sha256', request)}`;
  const signature = hmac(signingKey(credentials, date, region), text).digest('hex');
  return `${origin}${path}?${query}&X-Amz-Signature=${signature}`;
}

/** SigV4's UriEncode: everything but the unreserved characters of RFC 3986. */
export function escapeUri(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

interface KeyOfDay {
  readonly secretAccessKey: string;
  readonly date: string;
  readonly region: string;
  readonly key: KeyObject;
}
let lastKey: KeyOfDay | undefined;

/**
 * The key of a day: four digests that change with the date, the region or the secret only. Kept as a key object: Node makes one of
 * bytes at each use, which takes longer than the digest itself.
 */
export function signingKey({ secretAccessKey }: SigningCredentials, date: string, region: string): KeyObject {
  const isSame = lastKey?.date === date && lastKey.secretAccessKey === secretAccessKey && lastKey.region === region;
  if (lastKey !== undefined && isSame) return lastKey.key;
  const first = createSecretKey(Buffer.from(`AWS4${secretAccessKey}`));
  const steps = [date, region, 's3', 'aws4_request'];
  const key = steps.reduce((derived, step) => createSecretKey(hmac(derived, step).digest()), first);
  lastKey = { secretAccessKey, date, region, key };
  return key;
}

const hmac = (key: KeyObject, text: string) => createHmac('sha256', key).update(text);

function queryString(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]): [string, string] => [escapeUri(name), escapeUri(value)])
    .toSorted(byName)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** By code point, as SigV4 sorts; names here are ASCII. */
function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
