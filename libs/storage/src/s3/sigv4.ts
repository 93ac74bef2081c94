import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** What is signed of a request. */
export interface SignInput {
  readonly method: string;
  readonly host: string;
  /** Escaped already, with its leading slash. */
  readonly path: string;
  /** Names in lower case; every one is signed, beside Host. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly region: string;
  readonly signedAt: Date;
}

export interface PresignInput extends SignInput {
  /** Scheme and host, and the port where it is not the scheme's own. */
  readonly origin: string;
  readonly expiresInSec: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
/** The body is the client's: its digest is not known when the URL is signed. */
const PAYLOAD = 'UNSIGNED-PAYLOAD';
const NO_BODY = hash('sha256', '');

/**
 * A presigned S3 URL by Signature Version 4 with the parameters in the query.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 */
export function presignUrl(input: PresignInput, credentials: SigningCredentials): string {
  const { origin, path, expiresInSec } = input;
  const moment = momentOf(input.signedAt);
  const headers = sorted({ ...input.headers, host: input.host });
  const query = queryString({
    ...input.query,
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Content-Sha256': PAYLOAD,
    'X-Amz-Credential': `${credentials.accessKeyId}/${scopeOf(moment, input.region)}`,
    'X-Amz-Date': moment.dateTime,
    'X-Amz-Expires': String(expiresInSec),
    'X-Amz-SignedHeaders': headers.names,
    ...(credentials.sessionToken === undefined ? {} : { 'X-Amz-Security-Token': credentials.sessionToken }),
  });
  return `${origin}${path}?${query}&X-Amz-Signature=${signatureOf(input, query, headers, PAYLOAD, credentials)}`;
}

export interface SignedRequest {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A request without a body, signed by Signature Version 4 in its header.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signRequest(input: SignInput, credentials: SigningCredentials): SignedRequest {
  const moment = momentOf(input.signedAt);
  const headers = {
    ...input.headers,
    host: input.host,
    'x-amz-content-sha256': NO_BODY,
    'x-amz-date': moment.dateTime,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  };
  const query = queryString(input.query);
  const signed = sorted(headers);
  const signature = signatureOf(input, query, signed, NO_BODY, credentials);
  const credential = `${credentials.accessKeyId}/${scopeOf(moment, input.region)}`;
  const authorization = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signed.names}, Signature=${signature}`;
  return { target: query === '' ? input.path : `${input.path}?${query}`, headers: { ...headers, authorization } };
}

interface Moment {
  readonly second: number;
  /** As `X-Amz-Date` has it. */
  readonly dateTime: string;
  readonly date: string;
}
let lastMoment: Moment = { second: NaN, dateTime: '', date: '' };

/** What a signature says of its time, made once a second. */
function momentOf(at: Date): Moment {
  const second = Math.floor(at.getTime() / 1000);
  if (lastMoment.second !== second) {
    const dateTime = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
    lastMoment = { second, dateTime, date: dateTime.slice(0, 8) };
  }
  return lastMoment;
}

const scopeOf = ({ date }: Moment, region: string) => `${date}/${region}/s3/aws4_request`;

interface SortedHeaders {
  readonly names: string;
  readonly lines: string;
}

function sorted(headers: Readonly<Record<string, string>>): SortedHeaders {
  const names = Object.keys(headers).toSorted();
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/\s+/g, ' ')}\n`);
  return { names: names.join(';'), lines: lines.join('') };
}

function signatureOf(
  { method, path, region, signedAt }: SignInput,
  query: string,
  { names, lines }: SortedHeaders,
  payload: string,
  credentials: SigningCredentials,
): string {
  const moment = momentOf(signedAt);
  const request = `${method}\n${path}\n${query}\n${lines}\n${names}\n${payload}`;
  const text = `${ALGORITHM}\n${moment.dateTime}\n${scopeOf(moment, region)}\n${hash('sha256', request)}`;
  return hmac(signingKey(credentials, moment.date, region), text).digest('hex');
}

const UNRESERVED = /^[\w.~-]*$/;

/** SigV4's UriEncode: everything but the unreserved characters of RFC 3986. */
export function escapeUri(text: string): string {
  if (UNRESERVED.test(text)) return text;
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
