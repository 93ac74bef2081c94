export interface AuthOptions {
  /** Exact `iss` of every token. */
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;
  /** 32 bytes in base64, or several separated by commas: the first signs upload tokens, all verify. */
  readonly uploadTokenKeys: string;
  readonly limits?: Partial<AuthLimits>;
}

export interface AuthLimits {
  /** How far the clocks of issuer and service may differ, in seconds. */
  readonly clockToleranceSec: number;
  /** After a fetch, how long an unknown key id causes no other; in milliseconds. */
  readonly cooldownMs: number;
  /** After a failed fetch, how long to wait before the next. */
  readonly retryMs: number;
  /** Keys older than this are fetched again in the background, so that a withdrawn key stops working. */
  readonly refreshMs: number;
  readonly fetchTimeoutMs: number;
}

export const defaultAuthLimits: AuthLimits = {
  clockToleranceSec: 5,
  cooldownMs: 10_000,
  retryMs: 1_000,
  refreshMs: 10 * 60_000,
  fetchTimeoutMs: 3_000,
};

export const AUTH_OPTIONS = Symbol('AUTH_OPTIONS');

/** Asymmetric algorithms only: a shared secret could be any string an attacker knows, the public key among them. */
export const ALGORITHMS = ['RS256', 'PS256', 'ES256'] as const;
