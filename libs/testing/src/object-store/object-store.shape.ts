import type { Readable } from 'node:stream';

/** The port under test as this suite needs it, spelled out here because test helpers import no platform library. */
export interface ObjectStoreShape {
  head(ref: StagingKey | Ref): Promise<Head | null>;
  peek(ref: StagingKey, bytes: number): Promise<(Head & { readonly firstBytes: Buffer }) | null>;
  readHead(ref: Ref, bytes: number): Promise<Buffer>;
  open(ref: Ref, range?: { start: number; end?: number }): Promise<Opened>;
  putStream(key: string, body: Readable, spec: PutSpec): Promise<Stored>;
  promote(from: Pinned, mainKey: string, spec: PromoteSpec): Promise<{ size: number; existed: boolean }>;
  deleteStaging(key: string): Promise<number>;
  clearStaging(keys: readonly string[]): Promise<number>;
  deleteMain(key: string): Promise<number>;
  listStaging(prefix?: string): AsyncIterable<{ key: string; versionId: string; size: number; isLatest: boolean }>;
  listMain(prefix?: string): AsyncIterable<{ key: string; size: number }>;
  abortMultiparts(which: { bucket: 'staging' | 'main'; key: string }): Promise<number>;
  clock(): Promise<Date>;
  presignPut(request: PresignPut): Promise<{ url: string; headers: Readonly<Record<string, string>>; expiresAt: Date }>;
  presignPost(
    request: PresignPost,
  ): Promise<{ url: string; fields: Readonly<Record<string, string>>; expiresAt: Date }>;
  presignGet(request: PresignGet): Promise<{ url: string; expiresAt: Date }>;
}

export interface Pinned {
  readonly bucket: 'staging';
  readonly key: string;
  readonly versionId: string;
}

type StagingKey = { readonly bucket: 'staging'; readonly key: string };
type Ref = Pinned | { readonly bucket: 'main'; readonly key: string };
type PutSpec = { contentType: string; when?: 'always' | 'if-absent'; signal?: AbortSignal };
type PromoteSpec = {
  contentType: string;
  contentDisposition: string;
  size: number;
  sha256: string;
  etag?: string;
  destination?: 'unwritten';
};
type PresignPut = { key: string; contentType: string; size: number | null; sha256?: string; expiresInSec: number };
type PresignPost = { key: string; contentType: string; size: { min: number; max: number }; expiresInSec: number };
type PresignGet = { key: string; expiresInSec: number; contentDisposition?: string; contentType?: string };

interface Stored {
  readonly key: string;
  readonly versionId: string;
  readonly etag: string;
  readonly size: number;
}

interface Head {
  readonly versionId: string | null;
  readonly etag: string;
  readonly size: number;
  readonly contentType: string;
  readonly contentDisposition: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly lastModified: Date;
}

interface Opened {
  readonly body: Readable;
  readonly start: number;
  readonly length: number;
  readonly size: number;
}
