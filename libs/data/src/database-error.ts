import { CustodyError, type ErrorCode } from '@custody/domain';

/** SQLSTATE classes (08 connection, 53 resources, 57P operator intervention), Prisma connection codes and socket errors that mean "not now". */
const PASSING = /^(08...|53...|57P0.|P10..|P2024|ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

/** Refusals that a constraint states best: no check before the write could not be overtaken. */
const BY_CONSTRAINT: Readonly<Record<string, ErrorCode>> = {
  files_access_group: 'ACCESS_GROUP_NOT_FOUND',
  access_groups_name: 'ACCESS_GROUP_EXISTS',
  access_groups_pkey: 'ACCESS_GROUP_EXISTS',
};
/** A step refused (function `refuse` in SQL): the message is a code of the catalogue, the detail its own text if it has one. */
const REFUSAL = 'CU001';
/** Seconds after which another try makes sense. */
const RETRY_AFTER: Partial<Record<ErrorCode, number>> = { IDEMPOTENCY_KEY_IN_FLIGHT: 2 };

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Turns an outage of PostgreSQL into `SERVICE_UNAVAILABLE`, a step's refusal and a constraint with a refusal of its own into that;
 * anything else is a bug and passes as it is.
 */
export function toDatabaseError(error: unknown): unknown {
  if (codeOf(error) === REFUSAL) {
    const { message: code, detail } = error as { message: ErrorCode; detail?: string };
    const retryAfterSec = RETRY_AFTER[code];
    return new CustodyError(
      code,
      detail === '' ? undefined : detail,
      retryAfterSec === undefined ? {} : { retryAfterSec },
    );
  }
  const message = error instanceof Error ? error.message : '';
  if (PASSING.test(codeOf(error)) || /timeout exceeded when trying to connect|Connection terminated/i.test(message)) {
    return new CustodyError('SERVICE_UNAVAILABLE', 'The database cannot be reached right now.', {
      retryAfterSec: 5,
      cause: error,
    });
  }
  const refusal = BY_CONSTRAINT[(error as { constraint?: string } | null)?.constraint ?? ''];
  return refusal === undefined ? error : new CustodyError(refusal, undefined, { cause: error });
}
