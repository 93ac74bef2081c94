import type { Readable } from 'node:stream';
import { ObjectStoreError, StoreCannotPin } from '../object-store.errors.js';
import type { ObjectHead, StoredVersion } from '../object-store.records.js';
import type { BucketRole, DerivedSpec, PutSpec } from '../object-store.requests.js';
import { MultipartWriter } from './multipart-writer.js';
import type { S3Context } from './s3-client.js';
import { abortMultiparts } from './s3-multiparts.js';
import { headObject, pinOf } from './s3-read.js';

interface Destination {
  readonly bucket: BucketRole;
  readonly key: string;
}

export async function putStaging(s3: S3Context, key: string, body: Readable, spec: PutSpec): Promise<StoredVersion> {
  const condition = spec.when === 'if-absent' ? { IfNoneMatch: '*' } : {};
  const { versionId, etag, size } = await upload(s3, { bucket: 'staging', key }, body, spec, condition);
  if (versionId === null) throw new StoreCannotPin('The staging bucket gave a new object no version id');
  return { key, versionId, etag, size };
}

export async function putMain(s3: S3Context, key: string, body: Readable, spec: DerivedSpec) {
  const disposition = { ContentDisposition: spec.contentDisposition };
  const { etag, size } = await upload(s3, { bucket: 'main', key }, body, spec, disposition);
  return { key, etag, size };
}

async function upload(
  s3: S3Context,
  to: Destination,
  body: Readable,
  { contentType, signal }: { contentType: string; signal?: AbortSignal },
  extra: { IfNoneMatch?: string; ContentDisposition?: string },
): Promise<ObjectHead> {
  const versionId = await send(s3, to, body, { ContentType: contentType, ...extra }, signal);
  const stored = await headObject(s3, { ...to, ...(versionId === null ? {} : { versionId }) }, signal);
  if (stored === null) throw new ObjectStoreError('UNAVAILABLE', 'put: the object is not there after the upload');
  return stored;
}

/** Resolves to the new version's id; null where the store does not name it after a multipart upload. */
async function send(
  s3: S3Context,
  to: Destination,
  body: Readable,
  params: { ContentType: string; IfNoneMatch?: string; ContentDisposition?: string },
  signal?: AbortSignal,
): Promise<string | null> {
  const target = { Bucket: to.bucket === 'staging' ? s3.staging : s3.main, Key: to.key };
  const writer = new MultipartWriter(s3, { ...target, ...params, ...s3.sse }, signal);
  // The writer waits for the body most of the time: ending the body stops it at once.
  const onAbort = () => body.destroy(new ObjectStoreError('ABORTED', 'put: aborted by the caller'));
  signal?.addEventListener('abort', onAbort, { once: true });
  // The body may fail while nobody iterates it; without a listener that would end the process.
  body.on('error', () => undefined);
  try {
    return pinOf(await writer.write(body));
  } catch (error) {
    body.destroy();
    await writer.rest();
    if (writer.uploadId !== undefined) await abortMultiparts(s3, to).catch(() => 0);
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await writer.rest();
  }
}
