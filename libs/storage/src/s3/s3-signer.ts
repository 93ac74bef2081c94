import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { escapeUri, presignUrl } from './sigv4.js';

export interface UrlRequest {
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  /** Names in lower case. Every one of them is signed, beside Host. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly expiresInSec: number;
}

export type Sign = (request: UrlRequest) => Promise<{ url: string; expiresAt: Date }>;

/**
 * Signs URLs for the endpoint of `client`, with its region and credentials. It asks the SDK once per bucket where the
 * bucket lives and signs by itself from then on.
 */
export function createSigner(client: S3Client): Sign {
  const addressOf = addresses(client);

  return async ({ bucket, key, expiresInSec, ...request }) => {
    const { credentials, ...address } = await addressOf(bucket, key);
    const signedAt = new Date();
    const url = presignUrl({ ...request, ...address, signedAt, expiresInSec }, credentials);
    return { url, expiresAt: endOf(signedAt, expiresInSec) };
  };
}

/** Where an object is, and what a request for it is signed with. */
export function addresses(client: S3Client) {
  const { region, credentials } = client.config;
  const baseOf = bucketBases(client);
  return async (bucket: string, key: string) => {
    const { origin, host, pathname } = await baseOf(bucket);
    const path = pathname + key.split('/').map(escapeUri).join('/');
    return { origin, host, path, region: await region(), credentials: await credentials() };
  };
}

/** Where each bucket is; the SDK is asked once. */
export function bucketBases(client: S3Client): (bucket: string) => Promise<URL> {
  const bases = new Map<string, Promise<URL>>();
  return (bucket) => {
    const known = bases.get(bucket);
    if (known !== undefined) return known;
    const base = locate(client, bucket);
    bases.set(bucket, base);
    // It may have had no credentials yet.
    base.catch(() => bases.delete(bucket));
    return base;
  };
}

/** Where the SDK addresses the bucket (path or host style, region, partition), as a URL that ends in a slash. */
async function locate(client: S3Client, bucket: string): Promise<URL> {
  const example = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: 'k' }));
  const url = new URL(example);
  url.search = '';
  url.pathname = url.pathname.slice(0, -'k'.length);
  return url;
}

/** SigV4 dates have whole seconds: the URL ends with the second it was signed in. */
function endOf(signingDate: Date, expiresInSec: number): Date {
  return new Date((Math.floor(signingDate.getTime() / 1000) + expiresInSec) * 1000);
}
