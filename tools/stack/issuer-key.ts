import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { calculateJwkThumbprint, exportJWK, type JWK, SignJWT } from 'jose';

/** What a local token says; claims as the platform's authorization server spells them. */
export interface TokenClaims {
  readonly tenant: string;
  readonly user: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly groups: readonly string[];
  readonly expiresInSeconds: number;
  /** For people to read. */
  readonly name?: string;
}

export interface IssuerKey {
  readonly publicJwk: JWK;
  sign(claims: TokenClaims, issuer: string, audience: string): Promise<string>;
}

/** Reads the RS256 key in `<dir>/issuer/key.pem`, or makes it (0600). */
export async function loadIssuerKey(dir: string): Promise<IssuerKey> {
  const file = path.join(dir, 'issuer', 'key.pem');
  const privateKey = createPrivateKey((await readFile(file, 'utf8').catch(() => null)) ?? (await makeKey(file)));
  const publicJwk = await publicPart(privateKey);
  return {
    publicJwk,
    sign: ({ tenant, user, scope, groups, expiresInSeconds, name }, issuer, audience) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ tenant_id: tenant, scope, groups: [...groups], ...(name === undefined ? {} : { name }) })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: publicJwk.kid ?? '' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(user)
        .setIssuedAt(now)
        .setExpirationTime(now + expiresInSeconds)
        .sign(privateKey);
    },
  };
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}

async function publicPart(privateKey: KeyObject): Promise<JWK> {
  const { kty, n, e } = await exportJWK(privateKey);
  const jwk = { kty, n, e } as JWK;
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'RS256', use: 'sig' };
}
