import type { Placement } from '@custody/data';
import {
  CustodyError,
  fileTypeFor,
  mimeEssence,
  OCTET_STREAM,
  SINGLE_PUT_MAX_BYTES,
  type FileId,
  type FileType,
  type VersionId,
} from '@custody/domain';

/** Printable ASCII with single spaces: what both a browser and a SigV4 signer repeat letter for letter. */
const HEADER_SAFE = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;
const QUOTA_RETRY_SEC = 30;

export interface Admission {
  readonly mimeType: string;
  readonly size: number;
  readonly multipart: boolean;
}

/** The catalogued type behind a declaration, after its size limit, the deployment's and that of one PUT were checked (M9, M11, M6). */
export function admit({ mimeType, size, multipart }: Admission, maxSizeBytes: number): FileType {
  const type = fileTypeFor(mimeType);
  const limit = sizeLimit(mimeType, maxSizeBytes);
  if (size > limit) throw tooLarge(limit, type.maxSize < maxSizeBytes ? type.mimeType : 'a file');
  if (!multipart && size > SINGLE_PUT_MAX_BYTES)
    throw tooLarge(SINGLE_PUT_MAX_BYTES, 'one PUT; ask with multipart: true');
  return type;
}

/** Bytes of a file of this type, declared or catalogued, at most. */
export function sizeLimit(mimeType: string, maxSizeBytes: number): number {
  return Math.min(fileTypeFor(mimeType).maxSize, maxSizeBytes);
}

/** Bytes of a proxied upload. What is longer goes straight to the store, in parts that can be repeated. */
export function proxiedLimit({ maxSizeBytes }: { readonly maxSizeBytes: number }): number {
  return Math.min(maxSizeBytes, SINGLE_PUT_MAX_BYTES);
}

export function tooLarge(limit: number, what = 'a file'): CustodyError {
  return new CustodyError('PAYLOAD_TOO_LARGE', `The limit is ${limit} bytes for ${what}.`);
}

export function quotaExceeded(max: number): CustodyError {
  const detail = `${max} files of this tenant are waiting for their scan; try again when some are done.`;
  return new CustodyError('STAGING_LIMIT_EXCEEDED', detail, { retryAfterSec: QUOTA_RETRY_SEC });
}

export interface UploadIds {
  readonly fileId: FileId;
  readonly versionId: VersionId;
}

/** What a key's first request began, as long as its bytes are missing; afterwards a URL would be of no use: `UPLOAD_NOT_AWAITED`. */
export function stillAwaited({ awaited, fileId, versionId }: UploadIds & { readonly awaited: boolean }): UploadIds {
  if (awaited) return { fileId, versionId };
  const detail = 'The bytes have arrived, or the upload was given up; read the file instead.';
  throw new CustodyError('UPLOAD_NOT_AWAITED', detail, { fileId });
}

/** Undefined for a file that belongs nowhere in particular, which saves it a step. */
export function placementOf({ accessGroupId, folderId, subject }: Placement): Placement | undefined {
  if (accessGroupId === undefined && folderId === undefined && subject === undefined) return undefined;
  return { accessGroupId, folderId, subject };
}

/**
 * The Content-Type an upload URL signs: what the client declared, so that a browser sending its own `file.type` passes;
 * octet-stream where that is no media type. What is served comes from the catalogue, never from here.
 */
export function signedContentType(declaredMimeType: string): string {
  const trimmed = declaredMimeType.trim();
  return mimeEssence(trimmed) !== null && HEADER_SAFE.test(trimmed) ? trimmed : OCTET_STREAM;
}
