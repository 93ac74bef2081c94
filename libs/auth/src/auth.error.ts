import { CustodyError } from '@custody/domain';

export type AuthErrorCode = 'UNAUTHENTICATED' | 'INSUFFICIENT_SCOPE' | 'AUTH_UNAVAILABLE';

const REALM = 'Bearer realm="custody"';

/** A refusal of the access guard. `challenge` is the value of `WWW-Authenticate` (RFC 6750, 3), null where none belongs. */
export class AuthError extends CustodyError {
  declare readonly code: AuthErrorCode;

  private constructor(
    code: AuthErrorCode,
    detail: string,
    readonly challenge: string | null,
    options: { retryAfterSec?: number; cause?: unknown } = {},
  ) {
    super(code, detail, options);
    this.name = 'AuthError';
  }

  /** No token was sent; such a challenge carries no error code (RFC 6750, 3.1). */
  static missingToken(): AuthError {
    return new AuthError('UNAUTHENTICATED', 'A bearer token is required.', REALM);
  }

  /** `detail` goes to the client: it says what to do, not how the token was taken apart. */
  static invalidToken(detail = 'The token is not valid.', cause?: unknown): AuthError {
    const challenge = `${REALM}, error="invalid_token", error_description="${detail}"`;
    return new AuthError('UNAUTHENTICATED', detail, challenge, { cause });
  }

  static insufficientScope(required: readonly string[]): AuthError {
    const scope = required.join(' ');
    const challenge = `${REALM}, error="insufficient_scope", scope="${scope}"`;
    return new AuthError('INSUFFICIENT_SCOPE', `The token needs the scope: ${scope}.`, challenge);
  }

  static unavailable(cause: unknown): AuthError {
    const detail = 'The keys of the authorization server cannot be had right now.';
    return new AuthError('AUTH_UNAVAILABLE', detail, null, { retryAfterSec: 5, cause });
  }
}
