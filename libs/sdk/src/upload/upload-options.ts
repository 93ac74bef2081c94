import type { Bucket, Subject } from '../types.js';
import type { UploadProgress } from './progress.js';

/** What becomes of the file, how it is sent, and who is told. */
export interface UploadOptions {
  /** absent: the name of the source */
  readonly filename?: string | undefined;
  /** absent: the source's type, else that of the service's catalogue for the extension of the name */
  readonly mimeType?: string | undefined;
  /** `documents` when absent */
  readonly bucket?: Bucket | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly folderId?: string | undefined;
  /** linked to it when the upload is confirmed */
  readonly subject?: Subject | undefined;
  readonly accessGroupId?: string | undefined;
  /** of the bytes, hexadecimal: the service refuses others */
  readonly sha256?: string | undefined;
  readonly notes?: string | undefined;
  /** false: present but not valid */
  readonly isValid?: boolean | undefined;
  /** a new version of this file instead of a new file */
  readonly versionOf?: string | undefined;
  /** go on with the unfinished upload in parts of this file, begun elsewhere */
  readonly fileId?: string | undefined;

  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** ends the upload and leaves it to be resumed; `cancel()` gives it up */
  readonly signal?: AbortSignal | undefined;
  /** TIMEOUT after this; without it an upload waits for as long as something is away */
  readonly timeoutMs?: number | undefined;
  /** parts at a time, 4 when absent */
  readonly lanes?: number | undefined;
  /** files larger than this go in parts, 16 MiB when absent; beyond 5 GiB all do */
  readonly multipartFrom?: number | undefined;
  /** false: nothing is remembered, and nothing gone on with */
  readonly resume?: boolean | undefined;
}

/** An upload whose bytes are in the store; the verdict is still to come. */
export interface UploadResult {
  readonly fileId: string;
  readonly versionId: string;
  readonly status: 'pending_scan' | 'available' | 'rejected';
  /** bytes that an earlier run had sent */
  readonly resumedFrom: number;
}

/** 16 MiB: below it sending all again costs less than the calls that parts need. */
export const MULTIPART_FROM = 16 * 1024 ** 2;
/** S3 API reference, PutObject: the largest object of one PUT. */
export const SINGLE_PUT_MAX = 5 * 1024 ** 3;
export const LANES = 4;
