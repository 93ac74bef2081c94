import { z } from 'zod';
import { webAddress } from '../address.js';
import { group } from '../group.js';
import { choice, optionalText, text, textOr, yesOrNo } from '../variable.js';

const bucketName = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be an S3 bucket name');

const variables = z.object({
  S3_ENDPOINT: text(
    { description: 'S3 as this process reaches it', example: 'https://s3.eu-central-1.amazonaws.com' },
    webAddress,
  ),
  S3_PUBLIC_ENDPOINT: optionalText(
    {
      description: 'S3 as clients reach it, used in presigned URLs; S3_ENDPOINT when not set',
      example: 'https://s3.example.com',
    },
    webAddress,
  ),
  S3_REGION: textOr('us-east-1', { description: 'Region that signatures name' }),
  S3_ACCESS_KEY_ID: text({
    description: "This process's own access key",
    example: 'AKIAIOSFODNN7EXAMPLE',
    secret: true,
  }),
  S3_SECRET_ACCESS_KEY: text({ description: 'Secret of that key', example: '40 characters', secret: true }),
  S3_STAGING_BUCKET: text(
    { description: 'Versioned bucket that clients upload to', example: 'custody-staging' },
    bucketName,
  ),
  S3_MAIN_BUCKET: text({ description: 'Bucket of scanned files', example: 'custody-main' }, bucketName),
  S3_FORCE_PATH_STYLE: yesOrNo(true, { description: 'Bucket in the path instead of the host name' }),
  S3_SSE: choice(['none', 'AES256'], 'none', { description: 'Server-side encryption that uploads must ask for' }),
});

export const store = group(
  'S3',
  variables.refine((v) => v.S3_STAGING_BUCKET !== v.S3_MAIN_BUCKET, {
    path: ['S3_MAIN_BUCKET'],
    message: 'must not be the staging bucket',
  }),
  (v) => ({
    endpoint: v.S3_ENDPOINT,
    publicEndpoint: v.S3_PUBLIC_ENDPOINT ?? v.S3_ENDPOINT,
    region: v.S3_REGION,
    accessKeyId: v.S3_ACCESS_KEY_ID,
    secretAccessKey: v.S3_SECRET_ACCESS_KEY,
    stagingBucket: v.S3_STAGING_BUCKET,
    mainBucket: v.S3_MAIN_BUCKET,
    forcePathStyle: v.S3_FORCE_PATH_STYLE,
    sse: v.S3_SSE,
  }),
);
