import { Inject, Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { decodeProtectedHeader, type JWSHeaderParameters } from 'jose';
import type { KeyObject } from 'node:crypto';
import passportJwt, { type SecretOrKeyProvider } from 'passport-jwt';
import { actorFromClaims } from './actor-from-claims.js';
import type { Actor } from './actor.js';
import { AuthError } from './auth.error.js';
import { ALGORITHMS, AUTH_OPTIONS, defaultAuthLimits, type AuthOptions } from './auth.options.js';
import { JwksKeys } from './jwks-keys.js';

export const BEARER_STRATEGY = 'custody-bearer';

/** passport-jwt with the issuer's keys. The token comes from the Authorization header only, never from a URL. */
@Injectable()
export class BearerJwtStrategy extends PassportStrategy(passportJwt.Strategy, BEARER_STRATEGY) {
  readonly #toleranceSec: number;

  constructor(@Inject(AUTH_OPTIONS) options: AuthOptions, keys: JwksKeys) {
    const toleranceSec = options.limits?.clockToleranceSec ?? defaultAuthLimits.clockToleranceSec;
    super({
      jwtFromRequest: passportJwt.ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: keyProvider(keys),
      issuer: options.issuer,
      audience: options.audience,
      algorithms: [...ALGORITHMS],
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- passport-jwt has no other way to set the tolerance
      jsonWebTokenOptions: { clockTolerance: toleranceSec },
    });
    this.#toleranceSec = toleranceSec;
  }

  validate(claims: unknown): Actor {
    return actorFromClaims(claims, Date.now() / 1000, this.#toleranceSec);
  }
}

function keyProvider(keys: JwksKeys): SecretOrKeyProvider {
  return (_request, token: string, done) => {
    // jsonwebtoken takes a KeyObject, which spares parsing PEM on each request; the types of passport-jwt lag behind.
    const found = (key: KeyObject) => done(null, key as unknown as Buffer);
    findKey(keys, token).then(found, (error: unknown) => done(error));
  };
}

async function findKey(keys: JwksKeys, token: string): Promise<KeyObject> {
  const { alg, kid, crit } = headerOf(token);
  // Refused before any key is looked for. `jku`, `jwk`, `x5u` and `x5c` are the sender's word and are never read.
  if (!ALGORITHMS.some((allowed) => allowed === alg)) throw AuthError.invalidToken();
  // Extensions marked critical must be understood, and none is (RFC 7515, 4.1.11).
  if (crit !== undefined) throw AuthError.invalidToken();
  return keys.find({ alg, ...(kid === undefined ? {} : { kid }) } as JWSHeaderParameters);
}

function headerOf(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    throw AuthError.invalidToken(undefined, error);
  }
}
