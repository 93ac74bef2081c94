import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type ListPartsCommandOutput,
} from '@aws-sdk/client-s3';
import { ObjectStoreError } from '../object-store.errors.js';
import type { ArrivedPart } from '../object-store.records.js';
import type { MultipartRef } from '../object-store.requests.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { unquote } from './s3-read.js';

/** Never aborted: an upload that was begun without our learning its id could not be taken away. */
export async function createMultipart(s3: S3Context, key: string, contentType: string): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: s3.staging,
    Key: key,
    ContentType: contentType,
    ...s3.sse,
  });
  const { UploadId } = await s3.io.send(command);
  if (UploadId === undefined) throw new ObjectStoreError('UNAVAILABLE', 'createMultipart: the store named no upload');
  return UploadId;
}

export async function* listParts(
  s3: S3Context,
  { key, uploadId }: MultipartRef,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<ArrivedPart> {
  let marker: string | undefined = String(after);
  while (marker !== undefined) {
    const page: ListPartsCommandOutput = await s3.io.send(
      new ListPartsCommand({ Bucket: s3.staging, Key: key, UploadId: uploadId, PartNumberMarker: marker }),
      abortable(signal),
    );
    for (const { PartNumber, Size, ETag } of page.Parts ?? []) {
      if (PartNumber !== undefined) yield { partNumber: PartNumber, size: Size ?? 0, etag: unquote(ETag) };
    }
    marker = page.IsTruncated ? page.NextPartNumberMarker : undefined;
  }
}

export async function completeMultipart(
  s3: S3Context,
  { key, uploadId }: MultipartRef,
  parts: readonly ArrivedPart[],
  signal?: AbortSignal,
): Promise<void> {
  const command = new CompleteMultipartUploadCommand({
    Bucket: s3.staging,
    Key: key,
    UploadId: uploadId,
    MultipartUpload: { Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: `"${etag}"` })) },
  });
  // The store puts the parts together before it answers.
  await s3.io.send(command, { ...abortable(signal), requestTimeout: s3.limits.copyTimeoutMs });
}
