import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface IssuerKey {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** An authorization server on a loopback port: real keys, a real JWKS endpoint that can rotate and go down. */
export class TestIssuer {
  /** JWKS requests answered or refused so far. */
  fetches = 0;
  #server: Server | undefined;
  #port = 0;
  #published: JWK[] = [];

  get issuer(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get jwksUrl(): string {
    return `${this.issuer}/.well-known/jwks.json`;
  }

  async start(): Promise<void> {
    const server = createServer((_request, response) => {
      this.fetches += 1;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: this.#published }));
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Stops answering; `start` brings it back on the same port. */
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
  }

  async newKey(alg: 'RS256' | 'PS256' | 'ES256' | 'RS512' = 'RS256'): Promise<IssuerKey> {
    return { kid: crypto.randomUUID(), alg, ...(await generateKeyPair(alg, { extractable: true })) };
  }

  /** Makes these the only keys of the JWKS, and returns what it holds now. */
  async publish(...keys: readonly IssuerKey[]): Promise<readonly JWK[]> {
    const jwk = async ({ kid, alg, publicKey }: IssuerKey) => ({
      ...(await exportJWK(publicKey)),
      kid,
      alg,
      use: 'sig',
    });
    this.#published = await Promise.all(keys.map(jwk));
    return this.#published;
  }

  /** Exactly these claims, signed; `header` is merged over `alg` and `kid` of the key. */
  sign(key: IssuerKey, claims: JWTPayload, header: Record<string, unknown> = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
  }
}
