/** One PUT to the store. */
export interface PutRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob | AsyncIterable<Uint8Array>;
  /** bytes of the body */
  readonly size: number;
  readonly signal: AbortSignal;
  /** bytes of this PUT that left so far */
  readonly onSent: (bytes: number) => void;
}

/** What the store says. */
export interface PutAnswer {
  readonly status: number;
  /** seconds */
  readonly retryAfter: number | undefined;
}

/**
 * Sends bytes to a presigned URL. Rejects with NETWORK_ERROR when there is no answer, SOURCE_UNREADABLE when the body cannot be
 * read, and the signal's reason.
 */
export type Put = (request: PutRequest) => Promise<PutAnswer>;

/** A connection on which nothing moves for this long is given up, in milliseconds. */
export const STALLED_MS = 120_000;
