import { Inject, Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import passportJwt from 'passport-jwt';
import type { Actor } from './actor.js';
import { AUTH_OPTIONS, defaultAuthLimits, type AuthOptions } from './auth.options.js';
import { JwksKeys } from './jwks-keys.js';
import type { AuthenticatedRequest } from './request-of.js';

/** Beyond this many, the one that was verified first is forgotten: memory is bounded, whoever asks. */
const MOST = 10_000;
const tokenOf = passportJwt.ExtractJwt.fromAuthHeaderAsBearerToken();

interface Verified {
  readonly actor: Actor;
  /** `JwksKeys.generation` it was verified under. */
  readonly generation: number;
}

/**
 * Whom verified tokens name, by the token's SHA-256. A token is verified again in full once keys of the issuer were fetched, so a
 * withdrawn or replaced key stops working as if nothing were kept.
 */
@Injectable()
export class VerifiedTokens {
  readonly #verified = new Map<string, Verified>();
  readonly #toleranceSec: number;

  constructor(
    private readonly keys: JwksKeys,
    @Inject(AUTH_OPTIONS) { limits }: AuthOptions,
  ) {
    this.#toleranceSec = limits?.clockToleranceSec ?? defaultAuthLimits.clockToleranceSec;
  }

  /** Undefined: the token has to be verified. */
  recall(request: AuthenticatedRequest): Actor | undefined {
    const name = nameOf(request);
    const known = name === null ? undefined : this.#verified.get(name);
    if (name === null || known === undefined) return undefined;
    const isExpired = Math.floor(Date.now() / 1000) >= known.actor.expiresAtSec + this.#toleranceSec;
    if (!isExpired && known.generation === this.keys.generation()) return known.actor;
    this.#verified.delete(name);
    return undefined;
  }

  /** Runs `verify`, and keeps the actor it has put into the request. */
  async keep(request: AuthenticatedRequest, verify: () => Promise<unknown>): Promise<void> {
    // Before, not after: keys that are fetched meanwhile did not verify this token.
    const generation = this.keys.generation();
    await verify();
    const name = nameOf(request);
    if (name === null || request.actor === undefined) return;
    this.#verified.set(name, { actor: request.actor, generation });
    if (this.#verified.size > MOST) this.#verified.delete(this.#verified.keys().next().value ?? '');
  }
}

function nameOf(request: AuthenticatedRequest): string | null {
  const token = tokenOf(request as Parameters<typeof tokenOf>[0]);
  return token === null ? null : hash('sha256', token, 'base64');
}
