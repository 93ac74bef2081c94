import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTHeaderParameters } from 'jose';

/** An authorization server of the test's own: it can sign what an honest one never would. */
export interface Issuer {
  readonly url: string;
  readonly jwksUrl: string;
  readonly publicKey: JWK;
  /** How often the keys were fetched. */
  readonly fetches: () => number;
  sign(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>;
  stop(): Promise<void>;
}

export const AUDIENCE = 'custody';

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomUUID();
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  let fetches = 0;
  const server = createServer((_request, response) => {
    fetches += 1;
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }));
  });
  const url = await listen(server);
  return {
    url,
    jwksUrl: `${url}/jwks.json`,
    publicKey: jwk,
    fetches: () => fetches,
    sign: (claims, header = {}) => signed(claims, { alg: 'RS256', kid, ...header }, privateKey),
    stop: () => close(server),
  };
}

function signed(claims: Record<string, unknown>, header: JWTHeaderParameters, key: CryptoKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

/** Listens on a free loopback port; resolves to the base URL. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
