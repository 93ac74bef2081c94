import { Inject, Injectable } from '@nestjs/common';
import { jwtVerify, SignJWT, errors, type JWTPayload } from 'jose';
import { actorFromClaims } from './actor-from-claims.js';
import type { Actor, UploadBounds } from './actor.js';
import { AuthError } from './auth.error.js';
import { AUTH_OPTIONS, type AuthOptions } from './auth.options.js';

/** What a token of ours says it is: no other JWT passes for one, whoever signed it (RFC 8725, 3.11 and 3.12). */
const TYPE = 'upload+jwt';
const AUDIENCE = 'custody-uploads';
const ALGORITHM = 'HS256';

export interface UploadToken {
  /** Names the token in the audit log; of no use to whoever reads it there. */
  readonly id: string;
  readonly token: string;
  readonly expiresAt: Date;
}

/**
 * Tokens that stand in the path of the upload doors, for clients that send no headers (ADR 0025). They carry who acts and may do one
 * thing: upload. Nothing is stored, so one cannot be taken back; it lives for minutes.
 */
@Injectable()
export class UploadTokens {
  readonly #keys: readonly Uint8Array[];

  /** The first secret signs, all verify. */
  constructor(@Inject(AUTH_OPTIONS) { uploadTokenKeys }: AuthOptions) {
    this.#keys = uploadTokenKeys.split(',').map((secret) => Buffer.from(secret, 'base64'));
  }

  /** `lifeSec` in seconds. */
  async issue({ tenantId, userId, groups }: Actor, bounds: UploadBounds, lifeSec: number): Promise<UploadToken> {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('no secret to sign upload tokens with');
    const id = crypto.randomUUID();
    const expiresAt = new Date((Math.floor(Date.now() / 1000) + lifeSec) * 1000);
    const claims = {
      sub: userId,
      tenant_id: tenantId,
      ...(groups.length > 0 && { groups: packed(groups) }),
      ...bounds,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .setAudience(AUDIENCE)
      .setJti(id)
      .setExpirationTime(expiresAt)
      .sign(key);
    return { id, token, expiresAt };
  }

  /** Who acts, with the scope `files:write` and no other. Throws an `AuthError`. */
  async verify(token: string): Promise<Actor> {
    const { bucket, folderId, groups = '', ...claims } = await this.#claims(token);
    const claimed = { ...claims, groups: unpacked(String(groups)), scope: 'files:write' };
    const actor = actorFromClaims(claimed, Date.now() / 1000, 0);
    return { ...actor, bounds: { ...named('bucket', bucket), ...named('folderId', folderId) } };
  }

  async #claims(token: string): Promise<JWTPayload> {
    let failure: unknown;
    for (const key of this.#keys) {
      try {
        const expected = { algorithms: [ALGORITHM], typ: TYPE, audience: AUDIENCE, requiredClaims: ['exp'] };
        return (await jwtVerify(token, key, expected)).payload;
      } catch (error) {
        if (error instanceof errors.JWTExpired) throw AuthError.invalidToken('The token has expired.', error);
        failure = error;
      }
    }
    throw AuthError.invalidToken(undefined, failure);
  }
}

const named = (name: keyof UploadBounds, value: unknown) => (typeof value === 'string' ? { [name]: value } : {});

/** 22 characters a group instead of 39: the token is part of a URL. */
const packed = (groups: readonly string[]): string =>
  Buffer.from(groups.join('').replaceAll('-', ''), 'hex').toString('base64url');

const unpacked = (text: string): string[] =>
  (Buffer.from(text, 'base64url').toString('hex').match(/.{32}/g) ?? []).map((hex) =>
    hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );
