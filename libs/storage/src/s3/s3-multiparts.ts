import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
} from '@aws-sdk/client-s3';
import type { StaleMultiparts } from '../object-store.requests.js';
import { abortable } from './s3-abort.js';
import type { S3Context } from './s3-client.js';
import { isNotFound } from './s3-errors.js';

interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
}

export async function abortMultiparts(s3: S3Context, which: StaleMultiparts, signal?: AbortSignal): Promise<number> {
  const bucket = which.bucket === 'staging' ? s3.staging : s3.main;
  let aborted = 0;
  for await (const upload of unfinishedUploads(s3, bucket, prefixOf(which), signal)) {
    if (isMeant(which, upload) && (await abortOne(s3, bucket, upload, signal))) aborted += 1;
  }
  return aborted;
}

function prefixOf(which: StaleMultiparts): string | undefined {
  if ('key' in which) return which.key;
  return 'keys' in which ? undefined : which.prefix;
}

function isMeant(which: StaleMultiparts, { key, initiated }: UnfinishedUpload): boolean {
  if ('key' in which) return key === which.key;
  return 'keys' in which ? which.keys.has(key) : initiated < which.olderThan;
}

async function* unfinishedUploads(
  s3: S3Context,
  bucket: string,
  prefix: string | undefined,
  signal?: AbortSignal,
): AsyncGenerator<UnfinishedUpload> {
  let marker: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (marker !== undefined) {
    const page: ListMultipartUploadsCommandOutput = await s3.io.send(
      new ListMultipartUploadsCommand({
        Bucket: bucket,
        ...(prefix === undefined ? {} : { Prefix: prefix }),
        ...marker,
      }),
      abortable(signal),
    );
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== undefined && UploadId !== undefined) {
        yield { key: Key, uploadId: UploadId, initiated: Initiated ?? new Date() };
      }
    }
    marker =
      page.IsTruncated && page.NextKeyMarker !== undefined
        ? {
            KeyMarker: page.NextKeyMarker,
            ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
          }
        : undefined;
  }
}

/** False when somebody finished or aborted it meanwhile. */
async function abortOne(s3: S3Context, bucket: string, upload: UnfinishedUpload, signal?: AbortSignal) {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket, Key: upload.key, UploadId: upload.uploadId });
  try {
    await s3.io.send(command, abortable(signal));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
