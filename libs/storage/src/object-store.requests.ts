export type BucketRole = 'staging' | 'main';

/** One pinned object version in staging: the only way to read staging bytes. */
export interface StagingVersion {
  readonly bucket: 'staging';
  readonly key: string;
  readonly versionId: string;
}

/** Main keys carry the version in their name and are written once, so the key alone is a pin. */
export interface MainObject {
  readonly bucket: 'main';
  readonly key: string;
}

export type ObjectRef = StagingVersion | MainObject;

/** Bytes `start` to `end`, both inclusive as in HTTP; without `end`, to the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

export interface PutSpec {
  readonly contentType: string;
  /** `if-absent` fails with `PRECONDITION_FAILED` when the key has a current object. Default `always`. */
  readonly when?: 'always' | 'if-absent';
  readonly signal?: AbortSignal;
}

export interface DerivedSpec {
  readonly contentType: string;
  readonly contentDisposition: string;
  readonly signal?: AbortSignal;
}

/** `size` (bytes) and `sha256` (hex) of the scanned bytes: what the destination must hold; the sha256 is recorded with it. */
export interface PromoteSpec {
  readonly contentType: string;
  readonly contentDisposition: string;
  readonly size: number;
  readonly sha256: string;
  /** Of the pinned version. A copy that is answered with it needs no look afterwards; any other answer gets one, and so does a copy without it. */
  readonly etag?: string | undefined;
  /** `unwritten`: nobody can have promoted to this key before. Otherwise what lies there is looked for first. */
  readonly destination?: 'unwritten' | undefined;
}

/** Exactly one key, any of some keys (one listing for all of them), or everything begun before `olderThan` (under `prefix`). */
export type StaleMultiparts = { readonly bucket: BucketRole } & (
  | { readonly key: string }
  | { readonly keys: ReadonlySet<string> }
  | { readonly olderThan: Date; readonly prefix?: string }
);

export interface PresignPutRequest {
  readonly key: string;
  readonly contentType: string;
  /** Bytes; the store refuses a body of any other length. Null: whatever one PUT takes. */
  readonly size: number | null;
  /** Hex; signed as `x-amz-checksum-sha256` when given. */
  readonly sha256?: string;
  readonly expiresInSec: number;
}

/** An unfinished multipart upload to a staging key. */
export interface MultipartRef {
  readonly key: string;
  readonly uploadId: string;
}

export interface PresignPartRequest extends MultipartRef {
  /** From 1. */
  readonly partNumber: number;
  /** Bytes; the store refuses a part of any other length. Null: whatever length S3 takes. */
  readonly size: number | null;
  readonly expiresInSec: number;
}

export interface PresignPostRequest {
  readonly key: string;
  readonly contentType: string;
  /** Bytes; the store refuses a shorter and a longer body. */
  readonly size: { readonly min: number; readonly max: number };
  readonly expiresInSec: number;
}

/** A form to POST to the store: `fields` in their order, then the bytes as `file` (S3 API reference, POST Object). */
export interface PresignedPost {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/** `headers`: all a client must send, except Host and Content-Length, which HTTP itself sets. */
export interface PresignedPut {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

export interface PresignGetRequest {
  readonly key: string;
  readonly expiresInSec: number;
  readonly contentDisposition?: string;
  readonly contentType?: string;
}

export interface PresignedGet {
  readonly url: string;
  readonly expiresAt: Date;
}
