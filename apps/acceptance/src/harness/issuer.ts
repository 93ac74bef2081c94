import { TestIssuer } from '@custody/testing';
import type { JWK, JWTPayload } from 'jose';

export const AUDIENCE = 'custody';

/** A running authorization server with one key: it can sign what an honest one never would. */
export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  readonly publicKey: JWK;
  /** @param header merged over `alg` and `kid` */
  sign(claims: JWTPayload, header?: Record<string, unknown>): Promise<string>;
  stop(): Promise<void>;
}

export async function startIssuer(): Promise<Issuer> {
  const server = new TestIssuer();
  await server.start();
  const key = await server.newKey();
  const [publicKey] = await server.publish(key);
  return {
    url: server.issuer,
    jwksUrl: server.jwksUrl,
    publicKey: publicKey as JWK,
    sign: (claims, header) => server.sign(key, claims, header),
    stop: () => server.stop(),
  };
}
