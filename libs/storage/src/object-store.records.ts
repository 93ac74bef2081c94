import type { Readable } from 'node:stream';

/** `versionId` is null where the bucket is not versioned. `etag` comes without quotes. `size` in bytes. */
export interface ObjectHead {
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
  readonly size: number;
  readonly contentType: string;
  readonly contentDisposition: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

/** `firstBytes`: of exactly this version; fewer than asked for when it is shorter. */
export interface PeekedObject extends ObjectHead {
  readonly firstBytes: Buffer;
}

/** `length` is what `body` will yield; `size` is the whole object; `start` is the offset of the first byte. */
export interface OpenedObject {
  readonly body: Readable;
  readonly start: number;
  readonly length: number;
  readonly size: number;
  readonly etag: string;
  readonly contentType: string;
  readonly lastModified: Date;
}

export interface StoredObject {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
}

/** One part of an unfinished multipart upload. `etag` comes without quotes. */
export interface ArrivedPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
}

export interface StoredVersion extends StoredObject {
  readonly versionId: string;
}

/** `existed`: the destination was there already and was verified instead of written. */
export interface PromotedObject extends StoredObject {
  readonly existed: boolean;
}

/** One version, or one delete marker (size 0), in the staging bucket. */
export interface StagedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly size: number;
  readonly lastModified: Date;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
}
