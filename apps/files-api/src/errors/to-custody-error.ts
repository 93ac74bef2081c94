import { CustodyError, type ErrorCode } from '@custody/domain';
import { ObjectStoreError } from '@custody/storage';
import { HttpException } from '@nestjs/common';

/** What the framework refuses before a handler runs, by status. */
const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'validation-error',
  404: 'ROUTE_NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  413: 'PAYLOAD_TOO_LARGE',
  414: 'ROUTE_NOT_FOUND',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};
const STORE_RETRY_SEC = 5;

/** Any error as one of the catalogue. What we did not foresee becomes `INTERNAL_ERROR` with nothing of it in the text. */
export function toCustodyError(error: unknown): CustodyError {
  if (error instanceof CustodyError) return error;
  if (error instanceof ObjectStoreError && error.retryable)
    return new CustodyError('STORE_UNAVAILABLE', undefined, { retryAfterSec: STORE_RETRY_SEC, cause: error });
  const code = BY_STATUS[statusOf(error) ?? 500];
  if (code === undefined) return new CustodyError('INTERNAL_ERROR', undefined, { cause: error });
  return new CustodyError(code, detailOf(error), { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

/** The framework's own texts for 4xx name limits and headers, nothing of ours. */
function detailOf(error: unknown): string | undefined {
  return error instanceof Error && error.message !== '' ? error.message : undefined;
}
