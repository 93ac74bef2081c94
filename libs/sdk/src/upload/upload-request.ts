import type { Api } from '../http/api.js';
import type { Patience } from '../http/patience.js';
import type { Presigned } from '../types.js';
import { mediaTypeOf } from './media-type.js';
import type { UploadSource } from './source.js';
import { MULTIPART_FROM, SINGLE_PUT_MAX } from './upload-options.js';
import type { UploadOptions } from './upload-options.js';

/** What the service is asked for, before it is asked. */
export interface UploadRequest {
  readonly filename: string;
  readonly mimeType: string;
  readonly size: number;
  readonly multipart: boolean;
  /** the file and where it goes, as one text */
  readonly key: string;
}

export async function requestOf(
  api: Api,
  source: UploadSource,
  options: UploadOptions,
  signal: AbortSignal,
): Promise<UploadRequest> {
  const { bucket, metadata, folderId, subject, accessGroupId, sha256, versionOf } = options;
  const filename = options.filename ?? source.name ?? 'unnamed';
  const mimeType = options.mimeType ?? source.type ?? (await mediaTypeOf(api, filename, signal));
  const { size, lastModified } = source;
  const multipart = size > Math.min(options.multipartFrom ?? MULTIPART_FROM, SINGLE_PUT_MAX);
  const target = { bucket, metadata, folderId, subject, accessGroupId, sha256, versionOf };
  const key = JSON.stringify([api.base, filename, mimeType, size, lastModified ?? null, multipart, target]);
  return { filename, mimeType, size, multipart, key };
}

/** Presigns at the door that the options call for. */
export function presign(
  api: Api,
  { filename, mimeType, size, multipart }: UploadRequest,
  { bucket = 'documents', metadata, folderId, subject, accessGroupId, sha256, versionOf }: UploadOptions,
  idempotencyKey: string,
  patience: Patience,
): Promise<Presigned> {
  const bytes = { mimeType, size, multipart, sha256 };
  const how = { idempotencyKey, patience };
  if (versionOf !== undefined)
    return api.call('POST /v1/files/{fileId}/versions/presign', { path: { fileId: versionOf }, body: bytes, ...how });
  const body = { filename, bucket, metadata, folderId, accessGroupId, ...bytes };
  if (subject === undefined) return api.call('POST /v1/files/presign', { body, ...how });
  const path = { type: subject.type, subjectId: subject.id };
  return api.call('POST /v1/subjects/{type}/{subjectId}/presign', { path, body, ...how });
}
