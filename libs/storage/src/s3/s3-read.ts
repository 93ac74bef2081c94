import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import type { ObjectHead, OpenedObject, PeekedObject } from '../object-store.records.js';
import { ObjectStoreError } from '../object-store.errors.js';
import type { BucketRole, ByteRange, ObjectRef } from '../object-store.requests.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { isNotFound, refusalOf } from './s3-errors.js';
import type { GetAnswer } from './s3-http.js';

const ANY_TYPE = 'application/octet-stream';
const META = 'x-amz-meta-';

interface Address {
  readonly bucket: BucketRole;
  readonly key: string;
  readonly versionId?: string;
}

export async function headObject(s3: S3Context, ref: Address, signal?: AbortSignal): Promise<ObjectHead | null> {
  try {
    const head = await s3.io.send(new HeadObjectCommand(locate(s3, ref)), abortable(signal));
    return headOf(ref.key, head);
  } catch (error) {
    if (isNotFound(error) || isDeleteMarker(error)) return null;
    throw error;
  }
}

export async function openObject(
  s3: S3Context,
  ref: ObjectRef,
  range?: ByteRange,
  signal?: AbortSignal,
): Promise<OpenedObject> {
  const { headers, ...opened } = await get(s3, ref, range, signal);
  return { ...opened, ...described(headers) };
}

/** What is there and how it begins, of the newest version unless `ref` names one; one request unless the object is empty. */
export async function peekObject(
  s3: S3Context,
  ref: Address,
  bytes: number,
  signal?: AbortSignal,
): Promise<PeekedObject | null> {
  try {
    const { headers, body, size } = await get(s3, ref, { start: 0, end: bytes - 1 }, signal);
    return { ...headOfHeaders(ref.key, headers, size), firstBytes: await firstOf(body, bytes) };
  } catch (error) {
    if (isNotFound(error) || isDeleteMarker(error)) return null;
    if (isBeyondEnd(error)) return peekAfterHead(s3, ref, bytes, signal);
    throw error;
  }
}

/** The refusal of a range tells nothing of the object, and another version may have come since. */
async function peekAfterHead(s3: S3Context, ref: Address, bytes: number, signal?: AbortSignal) {
  const head = await headObject(s3, ref, signal);
  if (head === null) return null;
  const pinned = { ...ref, ...(head.versionId === null ? {} : { versionId: head.versionId }) };
  return { ...head, firstBytes: await readFirstBytes(s3, pinned, bytes, signal) };
}

export async function readFirstBytes(s3: S3Context, ref: Address, bytes: number, signal?: AbortSignal) {
  try {
    const { body } = await get(s3, ref, { start: 0, end: bytes - 1 }, signal);
    return await firstOf(body, bytes);
  } catch (error) {
    if (isBeyondEnd(error)) return Buffer.alloc(0);
    throw error;
  }
}

async function get(s3: S3Context, ref: Address, range?: ByteRange, signal?: AbortSignal) {
  const { key, versionId } = ref;
  const { headers, body } = await s3.http.get(
    {
      bucket: bucketOf(s3, ref),
      key,
      versionId,
      range: range === undefined ? undefined : `bytes=${range.start}-${range.end ?? ''}`,
    },
    signal,
  );
  const length = Number(headers['content-length'] ?? NaN);
  if (Number.isNaN(length)) {
    body.destroy();
    throw new ObjectStoreError('UNAVAILABLE', 'open: the store answered without the length of the body');
  }
  return { headers, body, length, ...span(headers['content-range'], length) };
}

async function firstOf(body: Readable, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A store may ignore Range and send everything; leaving the loop cancels the request.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= bytes) break;
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

function headOf(key: string, head: HeadObjectCommandOutput): ObjectHead {
  return {
    key,
    versionId: pinOf(head.VersionId),
    etag: unquote(head.ETag),
    size: head.ContentLength ?? 0,
    contentType: head.ContentType ?? ANY_TYPE,
    contentDisposition: head.ContentDisposition ?? null,
    metadata: head.Metadata ?? {},
    lastModified: head.LastModified ?? new Date(0),
  };
}

function headOfHeaders(key: string, headers: GetAnswer['headers'], size: number): ObjectHead {
  return {
    ...{ key, size, versionId: pinOf(headers['x-amz-version-id']) },
    ...described(headers),
    contentDisposition: headers['content-disposition'] ?? null,
    metadata: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith(META))
        .map(([name, value]) => [name.slice(META.length), value ?? '']),
    ),
  };
}

function described(headers: GetAnswer['headers']) {
  return {
    etag: unquote(headers['etag']),
    contentType: headers['content-type'] ?? ANY_TYPE,
    lastModified: new Date(headers['last-modified'] ?? 0),
  };
}

/** The id that pins a version; S3 says `null` for objects written while versioning was off or suspended. */
export function pinOf(versionId: string | undefined): string | null {
  return versionId === undefined || versionId === '' || versionId === 'null' ? null : versionId;
}

export function unquote(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

function bucketOf(s3: S3Context, { bucket }: Address): string {
  return bucket === 'staging' ? s3.staging : s3.main;
}

function locate(s3: S3Context, ref: Address) {
  return {
    Bucket: bucketOf(s3, ref),
    Key: ref.key,
    ...(ref.versionId === undefined ? {} : { VersionId: ref.versionId }),
  };
}

/** `Content-Range: bytes first-last/complete` (RFC 9110, 14.4); absent when the whole object was sent. */
function span(contentRange: string | undefined, length: number): { start: number; size: number } {
  const match = /^bytes (\d+)-\d+\/(\d+)$/.exec(contentRange ?? '');
  return match ? { start: Number(match[1]), size: Number(match[2]) } : { start: 0, size: length };
}

function isDeleteMarker(error: unknown): boolean {
  return refusalOf(error)?.status === 405;
}

/** No range of an empty object can be satisfied (RFC 9110, 14.1.2). */
function isBeyondEnd(error: unknown): boolean {
  return refusalOf(error)?.status === 416;
}
