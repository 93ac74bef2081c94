import { CustodyError } from '@custody/domain';
import { ObjectStoreError } from '@custody/storage';

const STORE_RETRY_SEC = 5;

/** For `.catch`: an outage of the store becomes its refusal, everything else is thrown as it is. */
export function orStoreUnavailable(error: unknown): never {
  if (!(error instanceof ObjectStoreError) || !error.retryable) throw error;
  throw new CustodyError('STORE_UNAVAILABLE', undefined, { retryAfterSec: STORE_RETRY_SEC, cause: error });
}
