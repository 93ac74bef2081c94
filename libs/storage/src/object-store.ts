import type { Readable } from 'node:stream';
import type {
  ArrivedPart,
  ObjectHead,
  OpenedObject,
  PeekedObject,
  PromotedObject,
  StagedVersion,
  StoredObject,
  StoredVersion,
} from './object-store.records.js';
import type {
  ByteRange,
  DerivedSpec,
  MultipartRef,
  ObjectRef,
  PresignGetRequest,
  PresignPartRequest,
  PresignPostRequest,
  PresignPutRequest,
  PresignedGet,
  PresignedPost,
  PresignedPut,
  PromoteSpec,
  PutSpec,
  StaleMultiparts,
  StagingVersion,
} from './object-store.requests.js';

/**
 * Everything Custody asks of an S3 store. Bytes are streams and are never collected. Every method rejects with an
 * `ObjectStoreError` (or `StoreCannotPin`) and nothing else; `signal` ends it with code `ABORTED`.
 *
 * An abstract class, so that it is the injection token too.
 */
export abstract class ObjectStore {
  /** What the store says of one object or version; null when there is none (or a delete marker). */
  abstract head(ref: ObjectRef | { bucket: 'staging'; key: string }, signal?: AbortSignal): Promise<ObjectHead | null>;

  /** The newest version under a staging key with its first `bytes` bytes; null when there is none (or a delete marker). */
  abstract peek(
    ref: { bucket: 'staging'; key: string },
    bytes: number,
    signal?: AbortSignal,
  ): Promise<PeekedObject | null>;

  /** The first `bytes` bytes, fewer when the object is shorter; empty for an empty object. */
  abstract readHead(ref: ObjectRef, bytes: number, signal?: AbortSignal): Promise<Buffer>;

  /**
   * Opens one pinned object (or a range of it) for reading. `body` yields exactly `length` bytes or fails with
   * `UNAVAILABLE`: a cut connection is never mistaken for the end. Destroying `body` cancels the request.
   */
  abstract open(ref: ObjectRef, range?: ByteRange, signal?: AbortSignal): Promise<OpenedObject>;

  /**
   * Writes a stream of unknown length to a staging key: one PUT when it is short, else multipart with two parts in
   * memory. A failing or aborted `body` leaves no object and no parts, and its own error comes out as it is.
   * `StoreCannotPin` when the store reports no version.
   */
  abstract putStream(key: string, body: Readable, spec: PutSpec): Promise<StoredVersion>;

  /** The same for what the service itself makes (thumbnails), straight to a main key; an object there is replaced. */
  abstract putDerived(mainKey: string, body: Readable, spec: DerivedSpec): Promise<StoredObject>;

  /**
   * Copies one pinned staging version to a main key inside the store, by parts above the single-copy limit. A
   * destination that is there already is verified (size, sha256) and never overwritten; another one is `CONFLICT`.
   */
  abstract promote(
    from: StagingVersion,
    mainKey: string,
    spec: PromoteSpec,
    signal?: AbortSignal,
  ): Promise<PromotedObject>;

  /** Removes every version and delete marker of a staging key; resolves to how many there were. */
  abstract deleteStaging(key: string, signal?: AbortSignal): Promise<number>;

  /** The same for many keys, in fewer requests. Rejects when the store kept any of them; others may be gone then. */
  abstract clearStaging(keys: readonly string[], signal?: AbortSignal): Promise<number>;

  /** Removes a main object (all its versions, should the bucket be versioned); absent is no error. */
  abstract deleteMain(key: string, signal?: AbortSignal): Promise<number>;

  /** Every version under a staging prefix in key order, newest version of a key first; fetched page by page. */
  abstract listStaging(prefix?: string, signal?: AbortSignal): AsyncIterable<StagedVersion>;

  /** Every object under a main prefix in key order; fetched page by page. */
  abstract listMain(
    prefix?: string,
    signal?: AbortSignal,
  ): AsyncIterable<Pick<StagedVersion, 'key' | 'size' | 'lastModified'>>;

  /** Aborts unfinished multipart uploads; resolves to how many. */
  abstract abortMultiparts(which: StaleMultiparts, signal?: AbortSignal): Promise<number>;

  /** Begins a multipart upload to a staging key; resolves to the store's id of it. */
  abstract createMultipart(key: string, contentType: string, signal?: AbortSignal): Promise<string>;

  /** The parts that have arrived, by number, after part `after`; fetched page by page. `NOT_FOUND` when the upload is over. */
  abstract listParts(upload: MultipartRef, after?: number, signal?: AbortSignal): AsyncIterable<ArrivedPart>;

  /**
   * Makes one object of these parts, in this order. `NOT_FOUND` when the upload is over, completed or aborted;
   * `INVALID_REQUEST` when a part is not what was listed any more.
   */
  abstract completeMultipart(upload: MultipartRef, parts: readonly ArrivedPart[], signal?: AbortSignal): Promise<void>;

  /** A URL for the PUT of one part. No network. */
  abstract presignPart(request: PresignPartRequest): Promise<PresignedPut>;

  /** A URL for one PUT to a staging key. No network. */
  abstract presignPut(request: PresignPutRequest): Promise<PresignedPut>;

  /** A form for one POST to a staging key, for clients that cannot PUT. No network. */
  abstract presignPost(request: PresignPostRequest): Promise<PresignedPost>;

  /** A URL for reading a main object. No network, so it does not prove that the object exists. */
  abstract presignGet(request: PresignGetRequest): Promise<PresignedGet>;

  /** The store's own clock, to the second: ages of objects are judged by it and not by ours (F18). */
  abstract clock(signal?: AbortSignal): Promise<Date>;

  /** Resolves when the staging bucket answers; for readiness. */
  abstract ping(signal?: AbortSignal): Promise<void>;
}
