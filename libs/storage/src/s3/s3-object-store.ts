import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Readable } from 'node:stream';
import { ObjectStore } from '../object-store.js';
import type { ArrivedPart, ObjectHead } from '../object-store.records.js';
import type {
  ByteRange,
  DerivedSpec,
  MultipartRef,
  ObjectRef,
  PresignGetRequest,
  PresignPartRequest,
  PresignPostRequest,
  PresignPutRequest,
  PromoteSpec,
  PutSpec,
  StaleMultiparts,
  StagingVersion,
} from '../object-store.requests.js';
import type { StorageOptions } from '../storage.options.js';
import { abortable } from './s3-abort.js';
import { clearStaging } from './s3-clear.js';
import { storeClock } from './s3-clock.js';
import { createS3Context, type S3Context } from './s3-client.js';
import { mapErrors, toStoreError } from './s3-errors.js';
import { deleteAllVersions, listObjects, listVersions } from './s3-list.js';
import { abortMultiparts } from './s3-multiparts.js';
import { completeMultipart, createMultipart, listParts } from './s3-parts.js';
import { presignGet, presignPart, presignPost, presignPut } from './s3-presign.js';
import { promote } from './s3-promote.js';
import { headObject, openObject, peekObject, readFirstBytes } from './s3-read.js';
import { putMain, putStaging } from './s3-write.js';

/** `ObjectStore` over AWS SDK v3. I/O goes to the private endpoint, URLs are signed for the public one. */
export class S3ObjectStore extends ObjectStore {
  readonly #s3: S3Context;

  constructor(options: StorageOptions) {
    super();
    this.#s3 = createS3Context(options);
  }

  override head(ref: ObjectRef | { bucket: 'staging'; key: string }, signal?: AbortSignal): Promise<ObjectHead | null> {
    return mapErrors('head', signal, () => headObject(this.#s3, ref, signal));
  }

  override peek(ref: { bucket: 'staging'; key: string }, bytes: number, signal?: AbortSignal) {
    return mapErrors('peek', signal, () => peekObject(this.#s3, ref, bytes, signal));
  }

  override readHead(ref: ObjectRef, bytes: number, signal?: AbortSignal) {
    return mapErrors('readHead', signal, () => readFirstBytes(this.#s3, ref, bytes, signal));
  }

  override open(ref: ObjectRef, range?: ByteRange, signal?: AbortSignal) {
    return mapErrors('open', signal, () => openObject(this.#s3, ref, range, signal));
  }

  override putStream(key: string, body: Readable, spec: PutSpec) {
    return bodyFirst(
      body,
      mapErrors('putStream', spec.signal, () => putStaging(this.#s3, key, body, spec)),
    );
  }

  override putDerived(mainKey: string, body: Readable, spec: DerivedSpec) {
    return bodyFirst(
      body,
      mapErrors('putDerived', spec.signal, () => putMain(this.#s3, mainKey, body, spec)),
    );
  }

  override promote(from: StagingVersion, mainKey: string, spec: PromoteSpec, signal?: AbortSignal) {
    return mapErrors('promote', signal, () => promote(this.#s3, from, mainKey, spec, signal));
  }

  override deleteStaging(key: string, signal?: AbortSignal) {
    return mapErrors('deleteStaging', signal, () => deleteAllVersions(this.#s3, this.#s3.staging, key, signal));
  }

  override clearStaging(keys: readonly string[], signal?: AbortSignal) {
    return mapErrors('clearStaging', signal, () => clearStaging(this.#s3, keys, signal));
  }

  override deleteMain(key: string, signal?: AbortSignal) {
    return mapErrors('deleteMain', signal, () => deleteAllVersions(this.#s3, this.#s3.main, key, signal));
  }

  override listStaging(prefix = '', signal?: AbortSignal) {
    return mapped('listStaging', listVersions(this.#s3, this.#s3.staging, prefix, signal), signal);
  }

  override listMain(prefix = '', signal?: AbortSignal) {
    return mapped('listMain', listObjects(this.#s3, this.#s3.main, prefix, signal), signal);
  }

  override abortMultiparts(which: StaleMultiparts, signal?: AbortSignal) {
    return mapErrors('abortMultiparts', signal, () => abortMultiparts(this.#s3, which, signal));
  }

  override createMultipart(key: string, contentType: string, signal?: AbortSignal) {
    return mapErrors('createMultipart', signal, () => createMultipart(this.#s3, key, contentType));
  }

  override listParts(upload: MultipartRef, after = 0, signal?: AbortSignal) {
    return mapped('listParts', listParts(this.#s3, upload, after, signal), signal);
  }

  override completeMultipart(upload: MultipartRef, parts: readonly ArrivedPart[], signal?: AbortSignal) {
    return mapErrors('completeMultipart', signal, () => completeMultipart(this.#s3, upload, parts, signal));
  }

  override presignPart(request: PresignPartRequest) {
    return mapErrors('presignPart', undefined, () => presignPart(this.#s3, request));
  }

  override presignPut(request: PresignPutRequest) {
    return mapErrors('presignPut', undefined, () => presignPut(this.#s3, request));
  }

  override presignPost(request: PresignPostRequest) {
    return mapErrors('presignPost', undefined, () => presignPost(this.#s3, request));
  }

  override presignGet(request: PresignGetRequest) {
    return mapErrors('presignGet', undefined, () => presignGet(this.#s3, request));
  }

  override clock(signal?: AbortSignal) {
    return mapErrors('clock', signal, () => storeClock(this.#s3, signal));
  }

  override ping(signal?: AbortSignal): Promise<void> {
    return mapErrors('ping', signal, async () => {
      await this.#s3.io.send(new HeadBucketCommand({ Bucket: this.#s3.staging }), abortable(signal));
    });
  }

  /** Closes the kept-alive connections. */
  close(): void {
    this.#s3.io.destroy();
    this.#s3.http.close();
  }
}

async function* mapped<T>(operation: string, source: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (error) {
    throw toStoreError(operation, error, signal);
  }
}

/** When the body itself failed (a client gone, a limit exceeded), that is the reason the caller needs. */
async function bodyFirst<T>(body: Readable, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw body.errored ?? error;
  }
}
