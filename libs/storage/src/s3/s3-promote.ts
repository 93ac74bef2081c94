import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
} from '@aws-sdk/client-s3';
import { ObjectStoreError } from '../object-store.errors.js';
import type { ObjectHead, PromotedObject } from '../object-store.records.js';
import type { PromoteSpec, StagingVersion } from '../object-store.requests.js';
import { inLanes } from './in-lanes.js';
import { planCopyParts } from './plan-copy-parts.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { copyPart } from './s3-copy-part.js';
import { headObject, unquote } from './s3-read.js';

interface Copy {
  readonly from: StagingVersion;
  /** `from` as S3 wants it named. */
  readonly source: string;
  readonly key: string;
  readonly spec: PromoteSpec;
}

export async function promote(
  s3: S3Context,
  from: StagingVersion,
  mainKey: string,
  spec: PromoteSpec,
  signal?: AbortSignal,
): Promise<PromotedObject> {
  const existing =
    spec.destination === 'unwritten' ? null : await headObject(s3, { bucket: 'main', key: mainKey }, signal);
  if (existing !== null) {
    // An earlier promotion; staging may have been cleaned up after it.
    const pinned = await headObject(s3, from, signal);
    return { ...verify(existing, pinned?.size ?? spec.size, spec), existed: true };
  }

  const copy: Copy = { from, source: copySource(s3.staging, from), key: mainKey, spec };
  const etag = await (spec.size > s3.limits.maxSingleCopyBytes ? copyByParts : copyWhole)(s3, copy, signal);
  if (etag !== null && etag === spec.etag) return { key: mainKey, etag, size: spec.size, existed: false };

  const copied = await headObject(s3, { bucket: 'main', key: mainKey }, signal);
  if (copied === null) throw new ObjectStoreError('UNAVAILABLE', 'promote: the object is not there after the copy');
  return { ...verify(copied, spec.size, spec), existed: false };
}

/** A main object is complete or absent (copies are atomic), so size and the recorded sha256 tell whether it is ours. */
function verify(found: ObjectHead, size: number, spec: PromoteSpec) {
  const recorded = found.metadata['sha256'];
  if (recorded !== spec.sha256 || found.size !== size) {
    throw new ObjectStoreError('CONFLICT', `promote: the destination holds other bytes (${found.size}, not ${size})`);
  }
  return { key: found.key, etag: found.etag, size: found.size };
}

function describe(s3: S3Context, { key, spec }: Copy) {
  return {
    Bucket: s3.main,
    Key: key,
    ContentType: spec.contentType,
    ContentDisposition: spec.contentDisposition,
    Metadata: { sha256: spec.sha256 },
    ...s3.sse,
  };
}

/** Resolves to the ETag of the copy, null when the store does not tell it. */
async function copyWhole(s3: S3Context, copy: Copy, signal?: AbortSignal): Promise<string | null> {
  const { CopyObjectResult } = await s3.io.send(
    new CopyObjectCommand({ ...describe(s3, copy), CopySource: copy.source, MetadataDirective: 'REPLACE' }),
    { ...abortable(signal), requestTimeout: s3.limits.copyTimeoutMs },
  );
  return unquote(CopyObjectResult?.ETag) || null;
}

/** Resolves to null: the ETag of parts tells nothing about the version that they were copied from. */
async function copyByParts(s3: S3Context, copy: Copy, signal?: AbortSignal): Promise<null> {
  // Without the signal: an abort between the store's creating it and our learning its id would leave it behind.
  const { UploadId } = await s3.io.send(new CreateMultipartUploadCommand(describe(s3, copy)));
  const upload = { Bucket: s3.main, Key: copy.key, UploadId };
  // One failed part stops the others: their results would be thrown away.
  const stop = new AbortController();
  const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  try {
    signal?.throwIfAborted();
    const parts = planCopyParts(copy.spec.size, s3.limits.copyPartBytes);
    const done = new Array<{ PartNumber: number; ETag: string }>(parts.length);
    await inLanes(s3.limits.copyConcurrency, parts, async (part) => {
      done[part.partNumber - 1] = await copyPart(s3, upload, copy, part, either);
    });
    await s3.io.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: done } }), {
      ...abortable(signal),
      requestTimeout: s3.limits.copyTimeoutMs,
    });
    return null;
  } catch (error) {
    stop.abort();
    await s3.io.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined); // the reaper finds the rest
    throw error;
  }
}

/** `x-amz-copy-source` is URL-encoded, slashes kept (S3 API reference, CopyObject). */
function copySource(bucket: string, { key, versionId }: StagingVersion): string {
  const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
  return `${path}?versionId=${encodeURIComponent(versionId)}`;
}
