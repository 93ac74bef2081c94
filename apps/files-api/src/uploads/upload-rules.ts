import type { Placement } from '@custody/data';
import {
  CustodyError,
  fileTypeFor,
  mimeEssence,
  OCTET_STREAM,
  type FileId,
  type FileType,
  type VersionId,
} from '@custody/domain';

/** Printable ASCII with single spaces: what both a browser and a SigV4 signer repeat letter for letter. */
const HEADER_SAFE = /^[\x21-\x7e]+( [\x21-\x7e]+)*$/;
const QUOTA_RETRY_SEC = 30;

/** The catalogued type behind a declaration, after its size limit and the deployment's were checked (M9, M11). */
export function admit(declaredMimeType: string, size: number, maxSizeBytes: number): FileType {
  const type = fileTypeFor(declaredMimeType);
  const limit = Math.min(type.maxSize, maxSizeBytes);
  if (size > limit) throw tooLarge(limit, type.maxSize < maxSizeBytes ? type.mimeType : 'a file');
  return type;
}

export function tooLarge(limit: number, what = 'a file'): CustodyError {
  return new CustodyError('PAYLOAD_TOO_LARGE', `The limit for ${what} is ${limit} bytes.`);
}

export function quotaExceeded(max: number): CustodyError {
  const detail = `${max} files of this tenant are waiting for their scan; try again when some are done.`;
  return new CustodyError('STAGING_LIMIT_EXCEEDED', detail, { retryAfterSec: QUOTA_RETRY_SEC });
}

/** What a key's first request began, as long as its bytes are missing; afterwards a URL would be of no use: `UPLOAD_NOT_AWAITED`. */
export function stillAwaited({
  awaited,
  fileId,
  versionId,
}: Readonly<{ awaited: boolean; fileId: FileId; versionId: VersionId }>): { fileId: FileId; versionId: VersionId } {
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
