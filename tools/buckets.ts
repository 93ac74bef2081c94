// Makes and sets up the two buckets: versions, privacy, CORS, grants (S10), lifecycle, events. Safe to repeat. Takes the buckets' owner's
// S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, the names S3_STAGING_BUCKET and S3_MAIN_BUCKET, CORS_ORIGINS, and, where
// wanted, S3_OWNER_ARN, S3_API_ARN and S3_WORKER_ARN (grants) and S3_EVENTS_URL with S3_EVENTS_TOPIC (events to the API).
import { prepareBuckets } from './stack/buckets.ts';

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function grantees() {
  const { S3_OWNER_ARN: owner, S3_API_ARN: api, S3_WORKER_ARN: worker } = process.env;
  return owner && api && worker ? { owner, api, worker } : undefined;
}

try {
  await prepareBuckets({
    endpoint: required('S3_ENDPOINT'),
    region: required('S3_REGION'),
    owner: { accessKeyId: required('S3_ACCESS_KEY_ID'), secretAccessKey: required('S3_SECRET_ACCESS_KEY') },
    staging: required('S3_STAGING_BUCKET'),
    main: required('S3_MAIN_BUCKET'),
    users: grantees(),
    corsOrigins: required('CORS_ORIGINS').split(','),
    eventsUrl: process.env['S3_EVENTS_URL'] || undefined,
    topic: process.env['S3_EVENTS_TOPIC'] || 'custody-uploads',
  });
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
