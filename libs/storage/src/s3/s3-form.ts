import type { S3Client } from '@aws-sdk/client-s3';
import { createHmac } from 'node:crypto';
import type { PresignedPost } from '../object-store.requests.js';
import { bucketBases } from './s3-signer.js';
import { signingKey } from './sigv4.js';

export interface FormRequest {
  readonly bucket: string;
  readonly key: string;
  /** Bytes of the `file` field, both inclusive. */
  readonly size: { readonly min: number; readonly max: number };
  /** Further fields; each must be sent as it is. */
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresInSec: number;
}

export type SignForm = (request: FormRequest) => Promise<PresignedPost>;

const ALGORITHM = 'AWS4-HMAC-SHA256';

/**
 * Signs upload forms (Amazon S3, "Browser-based uploads using POST", Signature Version 4). The policy names every field with its
 * value, so the store refuses a form with any other.
 */
export function createFormSigner(client: S3Client): SignForm {
  const baseOf = bucketBases(client);

  return async ({ bucket, key, size, fields, expiresInSec }) => {
    const [base, region, credentials] = await Promise.all([
      baseOf(bucket),
      client.config.region(),
      client.config.credentials(),
    ]);
    const signedAt = Math.floor(Date.now() / 1000) * 1000;
    const expiresAt = new Date(signedAt + expiresInSec * 1000);
    const date = new Date(signedAt).toISOString().replace(/[-:]|\.\d{3}/g, '');
    const day = date.slice(0, 8);
    const form: Record<string, string> = {
      key,
      ...fields,
      'x-amz-algorithm': ALGORITHM,
      'x-amz-credential': `${credentials.accessKeyId}/${day}/${region}/s3/aws4_request`,
      'x-amz-date': date,
      ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
    };
    const conditions = [
      { bucket },
      ['content-length-range', size.min, size.max],
      ...Object.entries(form).map(([name, value]) => ({ [name]: value })),
    ];
    const policy = Buffer.from(JSON.stringify({ expiration: expiresAt.toISOString(), conditions })).toString('base64');
    const signature = createHmac('sha256', signingKey(credentials, day, region))
      .update(policy)
      .digest('hex');
    return { url: base.href, fields: { ...form, policy, 'x-amz-signature': signature }, expiresAt };
  };
}
