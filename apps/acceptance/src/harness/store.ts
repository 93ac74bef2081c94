import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { stackStore } from '@custody/testing';

/** The store as its owner sees it: past every policy, to look and to attack. */
export class Store {
  readonly s3: S3Client;

  constructor(
    readonly staging: string,
    readonly main: string,
  ) {
    const { endpoint, region, credentials } = stackStore('owner');
    this.s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
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
}
