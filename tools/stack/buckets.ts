import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  NotFound,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { mainPolicy, type PolicyUsers, stagingPolicy } from './bucket-policies.ts';
import type { KeyPair } from './secrets.ts';

export interface BucketsOptions {
  readonly endpoint: string;
  readonly region: string;
  /** Of the user that owns the buckets. */
  readonly owner: KeyPair;
  readonly staging: string;
  readonly main: string;
  /** Undefined when API and worker use the owner's keys: nothing to grant. */
  readonly users: PolicyUsers | undefined;
  readonly corsOrigins: readonly string[];
  /** Where the store posts "object created"; holds a secret. Undefined: no events. */
  readonly eventsUrl: string | undefined;
  /** Name of the topic the events go through. */
  readonly topic: string;
}

const ABORT_MULTIPART_AFTER_DAYS = 7;
const EXPOSED_HEADERS = [
  'ETag',
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Length',
  'Content-Range',
  'x-amz-version-id',
  'x-amz-checksum-sha256',
];

/** Makes both buckets and sets versions, privacy, CORS, grants, lifecycle and events; safe to repeat. */
export async function prepareBuckets(options: BucketsOptions): Promise<void> {
  const s3 = new S3Client(clientConfig(options));
  try {
    await ensureBucket(s3, options.staging);
    await ensureBucket(s3, options.main);
    await setUpStaging(s3, options);
    await setUpMain(s3, options);
    if (options.eventsUrl !== undefined) await sendEvents(s3, options, options.eventsUrl);
  } finally {
    s3.destroy();
  }
}

const POOL_TIMEOUT_MS = 10_000;

/**
 * Ceph makes its pools with the first upload of each kind; that takes seconds, and was seen to swallow the request that caused it.
 * Here it is ours, repeated until it is answered, and not somebody's first upload.
 */
export async function makePools(options: BucketsOptions): Promise<void> {
  const requestHandler = { requestTimeout: POOL_TIMEOUT_MS, throwOnRequestTimeout: true };
  const s3 = new S3Client({ ...clientConfig(options), requestHandler });
  try {
    const upload = { Bucket: options.staging, Key: '_probe/pools' };
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand(upload));
    await s3.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: 'part' }));
    await s3.send(new AbortMultipartUploadCommand({ ...upload, UploadId }));
  } finally {
    s3.destroy();
  }
}

function clientConfig({ endpoint, region, owner }: BucketsOptions) {
  return {
    endpoint,
    region,
    credentials: { ...owner },
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 6,
  } as const;
}

async function ensureBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  }
}

/**
 * Ceph obeys an `x-amz-acl: public-read` header that the signature of an upload URL does not cover, so an uploader could
 * publish bytes nobody has scanned. `BlockPublicAcls` is no help: Ceph then refuses honest uploads as well.
 */
async function ignorePublicAcls(s3: S3Client, Bucket: string): Promise<void> {
  const PublicAccessBlockConfiguration = { IgnorePublicAcls: true };
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));
}

async function setUpStaging(s3: S3Client, { staging, users, corsOrigins }: BucketsOptions) {
  const Bucket = staging;
  // The pin: a confirmed upload is named by its version, whatever is written after it.
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await ignorePublicAcls(s3, Bucket);
  if (users) {
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: stagingPolicy(staging, users) }));
  }
  await setCors(s3, Bucket, corsOrigins, ['GET', 'HEAD', 'PUT', 'POST']);
  const rule = {
    ID: 'abort-forgotten-multipart-uploads',
    Status: 'Enabled',
    Filter: { Prefix: '' },
    AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABORT_MULTIPART_AFTER_DAYS },
  } as const;
  const LifecycleConfiguration = { Rules: [rule] };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
}

async function setUpMain(s3: S3Client, { main, users, corsOrigins }: BucketsOptions) {
  await ignorePublicAcls(s3, main);
  if (users) {
    await s3.send(new PutBucketPolicyCommand({ Bucket: main, Policy: mainPolicy(main, users) }));
  }
  await setCors(s3, main, corsOrigins, ['GET', 'HEAD']);
}

async function setCors(s3: S3Client, Bucket: string, origins: readonly string[], methods: string[]) {
  const rule = {
    AllowedOrigins: [...origins],
    AllowedMethods: methods,
    AllowedHeaders: ['*'],
    ExposeHeaders: EXPOSED_HEADERS,
    MaxAgeSeconds: 3_600,
  };
  const CORSConfiguration = { CORSRules: [rule] };
  await s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
}

/** Ceph takes topics through the SNS API; a `persistent` one was seen to deliver nothing. */
async function sendEvents(s3: S3Client, options: BucketsOptions, eventsUrl: string): Promise<void> {
  const sns = new SNSClient(clientConfig(options));
  try {
    const Attributes = { 'push-endpoint': eventsUrl, persistent: 'false' };
    const topic = await sns.send(new CreateTopicCommand({ Name: options.topic, Attributes }));
    const notify = { Id: options.topic, TopicArn: topic.TopicArn, Events: ['s3:ObjectCreated:*'] as const };
    const NotificationConfiguration = {
      TopicConfigurations: [{ ...notify, Events: [...notify.Events] }],
    };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: options.staging,
        NotificationConfiguration,
      }),
    );
  } finally {
    sns.destroy();
  }
}
