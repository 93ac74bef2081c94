import { Inject, Injectable } from '@nestjs/common';
import type { Actor } from './actor.js';
import { AUTH_OPTIONS, defaultAuthLimits, type AuthOptions } from './auth.options.js';
import { JwksKeys } from './jwks-keys.js';

/** 5,000 tokens of at most 2,048 characters: 10 MB at the very most. Longer tokens are verified each time. */
const MAX_TOKENS = 5_000;
const MAX_CHARS = 2_048;

/**
 * Tokens whose signature was verified, with the actor each named. A token counts until it expires and only while the
 * issuer's keys are the ones it was verified with: after each fetch of the keys every token is verified again, so a
 * withdrawn key stops working when it would have without this.
 */
@Injectable()
export class VerifiedTokens {
  readonly #toleranceSec: number;
  readonly #actors = new Map<string, Actor>();
  #keysFetched = 0;

  constructor(
    @Inject(AUTH_OPTIONS) options: AuthOptions,
    private readonly keys: JwksKeys,
  ) {
    this.#toleranceSec = options.limits?.clockToleranceSec ?? defaultAuthLimits.clockToleranceSec;
  }

  /** `authorization`: the header as it came, compared whole. */
  find(authorization: string | undefined): Actor | undefined {
    this.#forgetAfterFetch();
    if (authorization === undefined) return undefined;
    const actor = this.#actors.get(authorization);
    if (actor === undefined) return undefined;
    this.keys.refreshWhenOld();
    // As jsonwebtoken counts: whole seconds, the second of the end no longer in.
    if (Math.floor(Date.now() / 1000) < actor.expiresAtSec + this.#toleranceSec) return actor;
    this.#actors.delete(authorization);
    return undefined;
  }

  /** `keysFetched`: what `keys.fetched` was before the token was verified. */
  remember(authorization: string, actor: Actor, keysFetched: number): void {
    this.#forgetAfterFetch();
    if (keysFetched !== this.#keysFetched || authorization.length > MAX_CHARS) return;
    if (this.#actors.size >= MAX_TOKENS) this.#actors.delete(this.#actors.keys().next().value ?? '');
    this.#actors.set(authorization, actor);
  }

  #forgetAfterFetch(): void {
    if (this.keys.fetched === this.#keysFetched) return;
    this.#keysFetched = this.keys.fetched;
    this.#actors.clear();
  }
}
