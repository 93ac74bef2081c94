import { S3ServiceException, UploadPartCommand, UploadPartCopyCommand } from '@aws-sdk/client-s3';
import type { StagingVersion } from '../object-store.requests.js';
import type { CopyPart } from './plan-copy-parts.js';
import type { S3Context } from './s3-client.js';
import { openObject, unquote } from './s3-read.js';

/** The multipart upload that parts are copied into. */
export interface CopyTarget {
  readonly Bucket: string;
  readonly Key: string;
  readonly UploadId: string | undefined;
}

interface CopySource {
  readonly from: StagingVersion;
  readonly source: string;
}

/**
 * Copies one part of the pinned version, within the store. Ceph 16 refuses that to whoever did not write the source, though the bucket's policy
 * lets him read it and copy it whole (measured); then the part goes through this process, in a stream.
 */
export async function copyPart(
  s3: S3Context,
  target: CopyTarget,
  copy: CopySource,
  part: CopyPart,
  signal: AbortSignal,
): Promise<{ PartNumber: number; ETag: string }> {
  const etag = await copyWithin(s3, target, copy, part, signal).catch((error: unknown) => {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) throw error;
    return carry(s3, target, copy, part, signal);
  });
  return { PartNumber: part.partNumber, ETag: `"${unquote(etag)}"` };
}

async function copyWithin(
  s3: S3Context,
  target: CopyTarget,
  { source }: CopySource,
  part: CopyPart,
  signal: AbortSignal,
): Promise<string | undefined> {
  const command = new UploadPartCopyCommand({
    ...target,
    PartNumber: part.partNumber,
    CopySource: source,
    CopySourceRange: `bytes=${part.start}-${part.end}`,
  });
  const answer = await s3.io.send(command, { abortSignal: signal, requestTimeout: s3.limits.copyTimeoutMs });
  return answer.CopyPartResult?.ETag;
}

/** Reads exactly the part, or fails: a body that ends early never becomes a part. */
async function carry(
  s3: S3Context,
  target: CopyTarget,
  { from }: CopySource,
  part: CopyPart,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { body } = await openObject(s3, from, { start: part.start, end: part.end }, signal);
  try {
    const command = new UploadPartCommand({
      ...target,
      PartNumber: part.partNumber,
      Body: body,
      ContentLength: part.end - part.start + 1,
    });
    const answer = await s3.io.send(command, { abortSignal: signal, requestTimeout: s3.limits.copyTimeoutMs });
    return answer.ETag;
  } finally {
    body.destroy();
  }
}
