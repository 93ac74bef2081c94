/** Another worker has the version now: whatever this one still does must not count. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  /** @param cause why no renewal got through, when that is how it was lost. */
  constructor(cause?: unknown) {
    super('the lease of the version was lost', { cause });
  }
}

/** Longest wait after a failure that may be the file's own fault. */
const MAX_RETRY_SEC = 60;

/** No verdict this time: the version goes back to the queue. `refund` 1: an outage was to blame, not the file. */
export class HandBack extends Error {
  override readonly name = 'HandBack';

  constructor(
    reason: string,
    readonly refund: 0 | 1,
    readonly retryAfterSec: number,
  ) {
    super(reason);
  }

  /** A failure that may be the file's own: the start counts, and the wait doubles with each. */
  static counting(reason: string, starts: number): HandBack {
    return new HandBack(reason, 0, Math.min(2 ** starts, MAX_RETRY_SEC));
  }
}
