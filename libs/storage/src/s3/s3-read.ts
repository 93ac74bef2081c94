import { GetObjectCommand, HeadObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { ObjectHead, OpenedObject } from '../object-store.records.js';
import { ObjectStoreError } from '../object-store.errors.js';
import type { BucketRole, ByteRange, ObjectRef } from '../object-store.requests.js';
import { guardBody } from './guard-body.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { isNotFound } from './s3-errors.js';

interface Address {
  readonly bucket: BucketRole;
  readonly key: string;
  readonly versionId?: string;
}

export async function headObject(s3: S3Context, ref: Address, signal?: AbortSignal): Promise<ObjectHead | null> {
  try {
    const head = await s3.io.send(new HeadObjectCommand(locate(s3, ref)), abortable(signal));
    return {
      key: ref.key,
      versionId: pinOf(head.VersionId),
      etag: unquote(head.ETag),
      size: head.ContentLength ?? 0,
      contentType: head.ContentType ?? 'application/octet-stream',
      contentDisposition: head.ContentDisposition ?? null,
      metadata: head.Metadata ?? {},
      lastModified: head.LastModified ?? new Date(0),
    };
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
  const command = new GetObjectCommand({
    ...locate(s3, ref),
    ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
  });
  const answer = await s3.io.send(command, abortable(signal));
  if (!(answer.Body instanceof Readable) || answer.ContentLength === undefined) {
    throw new ObjectStoreError('UNAVAILABLE', 'open: the store answered without a body or its length');
  }
  const length = answer.ContentLength;
  const { start, size } = span(answer.ContentRange, length);
  return {
    body: guardBody(answer.Body, length, s3.limits.idleTimeoutMs, signal),
    start,
    length,
    size,
    etag: unquote(answer.ETag),
    contentType: answer.ContentType ?? 'application/octet-stream',
    lastModified: answer.LastModified ?? new Date(0),
  };
}

export async function readFirstBytes(s3: S3Context, ref: ObjectRef, bytes: number, signal?: AbortSignal) {
  try {
    const { body } = await openObject(s3, ref, { start: 0, end: bytes - 1 }, signal);
    const chunks: Buffer[] = [];
    let length = 0;
    // A store may ignore Range and send everything; leaving the loop cancels the request.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bytes) break;
    }
    return Buffer.concat(chunks).subarray(0, bytes);
  } catch (error) {
    // No range of an empty object can be satisfied (RFC 9110, 14.1.2).
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416) return Buffer.alloc(0);
    throw error;
  }
}

/** The id that pins a version; S3 says `null` for objects written while versioning was off or suspended. */
export function pinOf(versionId: string | undefined): string | null {
  return versionId === undefined || versionId === '' || versionId === 'null' ? null : versionId;
}

export function unquote(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

function locate(s3: S3Context, ref: Address) {
  return {
    Bucket: ref.bucket === 'staging' ? s3.staging : s3.main,
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
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 405;
}
