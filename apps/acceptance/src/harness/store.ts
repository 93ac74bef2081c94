import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { stackStore } from '@custody/testing';

const ROOT = join(import.meta.dirname, '../../../..');
const run = promisify(execFile);

/** The store as its owner sees it: past every policy, to look and to attack. */
export class Store {
  readonly s3: S3Client;

  constructor(
    readonly staging: string,
    readonly main: string,
  ) {
    const { endpoint, region, credentials } = stackStore('owner');
    this.s3 = new S3Client({
      endpoint,
      region,
      credentials,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
  }

  /** Makes both buckets the way an operator does. */
  async prepare(env: Record<string, string>): Promise<void> {
    const arn = (user: string) => `arn:aws:iam:::user/${user}`;
    const { endpoint, region, credentials } = stackStore('owner');
    await run(process.execPath, [join(ROOT, 'tools/buckets.ts')], {
      env: {
        S3_ENDPOINT: endpoint,
        S3_REGION: region,
        S3_ACCESS_KEY_ID: credentials.accessKeyId,
        S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        S3_STAGING_BUCKET: this.staging,
        S3_MAIN_BUCKET: this.main,
        S3_OWNER_ARN: arn('custody-owner'),
        S3_API_ARN: arn('custody-api'),
        S3_WORKER_ARN: arn('custody-worker'),
        ...env,
      },
    });
  }

  /** Removes both buckets with everything in them. */
  async drop(): Promise<void> {
    await Promise.all([this.dropBucket(this.staging), this.dropBucket(this.main)]);
    this.s3.destroy();
  }

  /** Keys in main under a prefix. */
  async mainKeys(prefix: string): Promise<string[]> {
    const listed = await this.s3.send(new ListObjectsV2Command({ Bucket: this.main, Prefix: prefix }));
    return (listed.Contents ?? []).map((object) => object.Key ?? '');
  }

  /** Versions and delete markers in staging under a prefix. */
  async stagingVersions(prefix: string): Promise<string[]> {
    const listed = await this.s3.send(new ListObjectVersionsCommand({ Bucket: this.staging, Prefix: prefix }));
    return [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map((version) => version.VersionId ?? '');
  }

  async multiparts(prefix: string): Promise<string[]> {
    const listed = await this.s3.send(new ListMultipartUploadsCommand({ Bucket: this.staging, Prefix: prefix }));
    return (listed.Uploads ?? []).map((upload) => upload.UploadId ?? '');
  }

  async overwriteStaging(key: string, bytes: Uint8Array, contentType = 'text/plain'): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: this.staging, Key: key, Body: bytes, ContentType: contentType }));
  }

  async mainBytes(key: string): Promise<Uint8Array> {
    const got = await this.s3.send(new GetObjectCommand({ Bucket: this.main, Key: key }));
    if (got.Body === undefined) throw new Error(`no body at ${key}`);
    return got.Body.transformToByteArray();
  }

  private async dropBucket(Bucket: string): Promise<void> {
    for (;;) {
      const listed = await this.s3.send(new ListObjectVersionsCommand({ Bucket }));
      const versions = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])];
      if (versions.length === 0) break;
      const Objects = versions.map(({ Key, VersionId }) => ({ Key: Key ?? '', VersionId }));
      await this.s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    }
    await this.s3.send(new DeleteBucketCommand({ Bucket }));
  }
}
