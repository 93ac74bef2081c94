import type { Problem } from './generated/operations.js';

/** What the service refuses with; never changes its meaning. */
export type ProblemCode = Problem['code'];

/** What goes wrong on this side of the wire. */
export type ClientErrorCode =
  /** nothing answered, or the answer broke off */
  | 'NETWORK_ERROR'
  /** the time given was not enough */
  | 'TIMEOUT'
  /** an answer that no Custody service gives: something stands in between */
  | 'UNEXPECTED_ANSWER'
  /** the store does not take the bytes, and signing anew does not help */
  | 'UPLOAD_REFUSED'
  /** the file is not the one the upload began with */
  | 'SOURCE_CHANGED'
  /** the bytes cannot be read */
  | 'SOURCE_UNREADABLE';

export type CustodyErrorCode = ProblemCode | ClientErrorCode;

/** Members of a CustodyError besides its message. */
export interface ErrorDetail {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly errors?: Problem['errors'] | undefined;
  readonly retryAfter?: number | undefined;
  readonly problem?: Problem | undefined;
  readonly cause?: unknown;
}

/** Whatever the SDK throws, but for an abort, which throws the reason of its signal. Program against `code`. */
export class CustodyError extends Error {
  override readonly name = 'CustodyError';
  /** HTTP status; 0 when there was no answer */
  readonly status: number;
  /** names the request in the logs of the service */
  readonly requestId: string | undefined;
  /** all that is wrong with a request, by RFC 6901 pointers into its body */
  readonly errors: Problem['errors'];
  /** seconds to wait before another try */
  readonly retryAfter: number | undefined;
  /** the whole RFC 9457 problem, when there was one */
  readonly problem: Problem | undefined;

  constructor(
    readonly code: CustodyErrorCode,
    message: string,
    { status = 0, requestId, errors = [], retryAfter, problem, cause }: ErrorDetail = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.requestId = requestId;
    this.errors = errors;
    this.retryAfter = retryAfter;
    this.problem = problem;
  }
}

/** Whether it is a CustodyError, of this code if one is given; works across two copies of the package. */
export function isCustodyError(error: unknown, code?: CustodyErrorCode): error is CustodyError {
  if (!(error instanceof Error) || error.name !== 'CustodyError') return false;
  return code === undefined || (error as CustodyError).code === code;
}
