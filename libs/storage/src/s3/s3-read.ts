import {
  GetObjectCommand,
  HeadObjectCommand,
  S3ServiceException,
  type GetObjectCommandOutput,
  type HeadObjectCommandOutput,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import type { ObjectHead, OpenedObject, PeekedObject } from '../object-store.records.js';
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
    return headOf(ref.key, head, head.ContentLength ?? 0);
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
  const { answer, ...opened } = await get(s3, ref, range, signal);
  return {
    ...opened,
    etag: unquote(answer.ETag),
    contentType: answer.ContentType ?? 'application/octet-stream',
    lastModified: answer.LastModified ?? new Date(0),
  };
}

/** What is there and how it begins, of the newest version unless `ref` names one; one request unless the object is empty. */
export async function peekObject(
  s3: S3Context,
  ref: Address,
  bytes: number,
  signal?: AbortSignal,
): Promise<PeekedObject | null> {
  try {
    const { answer, body, size } = await get(s3, ref, { start: 0, end: bytes - 1 }, signal);
    return { ...headOf(ref.key, answer, size), firstBytes: await firstOf(body, bytes) };
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
  const command = new GetObjectCommand({
    ...locate(s3, ref),
    ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end ?? ''}` }),
  });
  const answer = await s3.io.send(command, abortable(signal));
  if (!(answer.Body instanceof Readable) || answer.ContentLength === undefined) {
    throw new ObjectStoreError('UNAVAILABLE', 'open: the store answered without a body or its length');
  }
  const length = answer.ContentLength;
  const body = guardBody(answer.Body, length, s3.limits.idleTimeoutMs, signal);
  return { answer, body, length, ...span(answer.ContentRange, length) };
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

function headOf(key: string, answer: GetObjectCommandOutput | HeadObjectCommandOutput, size: number): ObjectHead {
  return {
    key,
    versionId: pinOf(answer.VersionId),
    etag: unquote(answer.ETag),
    size,
    contentType: answer.ContentType ?? 'application/octet-stream',
    contentDisposition: answer.ContentDisposition ?? null,
    metadata: answer.Metadata ?? {},
    lastModified: answer.LastModified ?? new Date(0),
  };
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

/** No range of an empty object can be satisfied (RFC 9110, 14.1.2). */
function isBeyondEnd(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 416;
}
