/**
 * - `NOT_FOUND` no such object, version or upload
 * - `PRECONDITION_FAILED` the key has an object already
 * - `INVALID_RANGE` the range begins behind the end
 * - `CONFLICT` the destination exists and holds something else
 * - `ACCESS_DENIED` the credentials do not allow it (or are wrong)
 * - `INVALID_REQUEST` the store refuses it for good: missing bucket, unsupported feature, bad argument
 * - `ABORTED` the caller's signal
 * - `UNAVAILABLE` network, timeout, throttling, 5xx, truncated answer: worth another try
 */
export type ObjectStoreErrorCode =
  | 'NOT_FOUND'
  | 'PRECONDITION_FAILED'
  | 'INVALID_RANGE'
  | 'CONFLICT'
  | 'ACCESS_DENIED'
  | 'INVALID_REQUEST'
  | 'ABORTED'
  | 'UNAVAILABLE';

/** The only error of an `ObjectStore`. The message names operation and reason, never a URL or a credential. */
export class ObjectStoreError extends Error {
  override readonly name = 'ObjectStoreError';

  constructor(
    readonly code: ObjectStoreErrorCode,
    message: string,
  ) {
    super(message);
  }

  get retryable(): boolean {
    return this.code === 'UNAVAILABLE';
  }
}

/** The staging bucket cannot name one version of an object; nothing can be scanned and served safely there. */
export class StoreCannotPin extends Error {
  override readonly name = 'StoreCannotPin';

  constructor(what: string) {
    super(
      `${what}. Custody serves only bytes it has scanned and needs a versioned staging bucket for that: ` +
        'switch versioning on (PutBucketVersioning, Status=Enabled) and allow these credentials to read by version id.',
    );
  }
}
