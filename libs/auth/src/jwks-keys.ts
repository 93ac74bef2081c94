import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWSHeaderParameters, type RemoteJWKSet } from 'jose';
import { KeyObject } from 'node:crypto';
import { AuthError } from './auth.error.js';
import { AUTH_OPTIONS, defaultAuthLimits, type AuthLimits, type AuthOptions } from './auth.options.js';

/**
 * The issuer's public keys. Once fetched they are kept until a later fetch succeeds, so an outage of the issuer stops
 * no caller whose key is known. Fetches are bounded by time, never by requests: neither random key ids nor an
 * unreachable issuer cause more.
 */
@Injectable()
export class JwksKeys {
  readonly #remote: RemoteJWKSet;
  readonly #limits: AuthLimits;
  readonly #keyObjects = new WeakMap<object, KeyObject>();
  #attemptedAt = -Infinity;
  #fetched = 0;
  #failure: { readonly error: unknown } | null = null;
  #pending: Promise<void> | null = null;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions) {
    this.#limits = { ...defaultAuthLimits, ...options.limits };
    // jose's own cooldown counts from the last success only: while the issuer is down every token would cause a fetch.
    this.#remote = createRemoteJWKSet(new URL(options.jwksUrl), {
      cacheMaxAge: Infinity,
      cooldownDuration: Infinity,
      timeoutDuration: this.#limits.fetchTimeoutMs,
    });
  }

  /** How often the keys have been fetched: what was verified before a fetch may rest on a key that is withdrawn. */
  get fetched(): number {
    return this.#fetched;
  }

  /** Fetches keys that are due, in the background. */
  refreshWhenOld(): void {
    if (performance.now() - this.#attemptedAt >= this.#limits.refreshMs) void this.#fetch();
  }

  /** The key a token's header names. `AuthError`: unknown key, or no way to know. */
  async find(header: JWSHeaderParameters): Promise<KeyObject> {
    await this.#freshen();
    const known = await this.#select(header);
    if (known !== null) return known;
    await this.#fetch();
    const rotated = await this.#select(header);
    if (rotated !== null) return rotated;
    throw this.#failure ? AuthError.unavailable(this.#failure.error) : AuthError.invalidToken();
  }

  async #freshen(): Promise<void> {
    if (this.#remote.jwks() === undefined) {
      await this.#fetch();
      if (this.#remote.jwks() === undefined) throw AuthError.unavailable(this.#failure?.error);
    } else {
      this.refreshWhenOld();
    }
  }

  async #select(header: JWSHeaderParameters): Promise<KeyObject | null> {
    try {
      const key = await this.#remote(header);
      const keyObject = this.#keyObjects.get(key) ?? KeyObject.from(key);
      this.#keyObjects.set(key, keyObject);
      return keyObject;
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return null;
      throw AuthError.invalidToken(undefined, error);
    }
  }

  /** Fetches unless one was tried a moment ago; callers meanwhile share it. Never rejects. */
  #fetch(): Promise<void> {
    if (this.#pending !== null) return this.#pending;
    const pause = this.#failure === null ? this.#limits.cooldownMs : this.#limits.retryMs;
    if (performance.now() - this.#attemptedAt < pause) return Promise.resolve();
    this.#attemptedAt = performance.now();
    this.#pending = this.#remote
      .reload()
      .then(
        () => {
          this.#failure = null;
          this.#fetched += 1;
        },
        (error: unknown) => void (this.#failure = { error }),
      )
      .finally(() => void (this.#pending = null));
    return this.#pending;
  }
}
