import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { type IssuerKey, loadIssuerKey, type TokenClaims } from './issuer-key.ts';
import type { Service } from './service.ts';

export interface IssuerOptions {
  readonly dir: string;
  readonly port: number;
  readonly audience: string;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const BODY_LIMIT = 10_000;

export function issuerUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * A stand-in for the platform's authorization server, for development only:
 * `GET /.well-known/jwks.json`, and `POST /token` with JSON
 * `{tenant, user, scope, groups?, expires?}` → `{access_token, token_type, expires_in}`.
 */
export function issuerService({ dir, port, audience }: IssuerOptions): Service {
  let server: Server | undefined;
  return {
    name: 'issuer',
    start: async () => {
      const key = await loadIssuerKey(dir);
      const issuer = issuerUrl(port);
      const started = createServer((request, response) => {
        void answer(request, key, issuer, audience).then(([status, body]) => {
          response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
          response.end(JSON.stringify(body));
        });
      });
      started.listen(port, '127.0.0.1');
      await once(started, 'listening');
      server = started;
    },
    stop: async () => {
      const stopping = server;
      server = undefined;
      if (!stopping) return;
      const closed = once(stopping, 'close');
      stopping.close();
      stopping.closeAllConnections();
      await closed;
    },
  };
}

type Answer = readonly [status: number, body: unknown];

async function answer(request: IncomingMessage, key: IssuerKey, issuer: string, audience: string): Promise<Answer> {
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /.well-known/jwks.json') return [200, { keys: [key.publicJwk] }];
  if (route !== 'POST /token') return [404, { error: 'not_found' }];
  // JSON only, and a loopback Host: a web page can send neither across origins without being asked first.
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const isLoopback = /^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '');
  if (!isJson || !isLoopback) return [400, { error: 'invalid_request' }];
  const claims = readClaims(await readBody(request));
  if (claims === undefined) return [400, { error: 'invalid_request' }];
  const token = await key.sign(claims, issuer, audience);
  return [200, { access_token: token, token_type: 'Bearer', expires_in: claims.expiresInSeconds }];
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > BODY_LIMIT) return '';
  }
  return text;
}

function readClaims(text: string): TokenClaims | undefined {
  let body: Partial<Record<string, unknown>>;
  try {
    body = Object(JSON.parse(text)) as Partial<Record<string, unknown>>;
  } catch {
    return undefined;
  }
  const { tenant, user, scope = '', groups = [], expires = 3_600 } = body;
  const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value);
  if (!isUuid(tenant) || !isUuid(user) || typeof scope !== 'string') return undefined;
  if (!Array.isArray(groups) || !groups.every(isUuid) || !Number.isInteger(expires)) return undefined;
  return { tenant, user, scope, groups, expiresInSeconds: Number(expires) };
}
