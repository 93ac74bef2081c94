import { randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { stackStore } from './stack-store.js';

/** Two buckets of one's own, for work that lists whole buckets. */
export interface FreshBuckets {
  /** How to reach them with every right. */
  readonly store: Omit<ReturnType<typeof stackStore>, 'stagingBucket' | 'mainBucket'> & {
    readonly stagingBucket: string;
    readonly mainBucket: string;
  };
  /** Leaves an unfinished multipart upload with one part behind. */
  beginMultipart(key: string): Promise<void>;
  countMultiparts(): Promise<number>;
  drop(): Promise<void>;
}

/** Creates a versioned staging and an unversioned main bucket in the running stack's store. */
export async function freshBuckets(): Promise<FreshBuckets> {
  const id = randomUUID().slice(0, 13);
  const store = { ...stackStore('owner'), stagingBucket: `test-${id}-staging`, mainBucket: `test-${id}-main` };
  const s3 = new S3Client({ ...store, requestChecksumCalculation: 'WHEN_REQUIRED' });
  const Bucket = store.stagingBucket;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  await s3.send(new CreateBucketCommand({ Bucket: store.mainBucket }));
  return {
    store,
    async beginMultipart(Key) {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'part' }));
    },
    async countMultiparts() {
      return (await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0;
    },
    async drop() {
      for (const bucket of [store.stagingBucket, store.mainBucket]) await removeBucket(s3, bucket);
      s3.destroy();
    },
  };
}

async function removeBucket(s3: S3Client, Bucket: string): Promise<void> {
  const uploads = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of uploads.Uploads ?? [])
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
    if (found.length === 0) break;
    for (const { Key, VersionId } of found) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
  await s3.send(new DeleteBucketCommand({ Bucket }));
}
