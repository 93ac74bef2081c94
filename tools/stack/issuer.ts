import { createServer, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import { type IssuerKey, loadIssuerKey, type TokenClaims } from './issuer-key.ts';
import { SignIn } from './issuer-sign-in.ts';
import type { Service } from './service.ts';

export interface IssuerOptions {
  readonly dir: string;
  readonly port: number;
  readonly audience: string;
  /** Life of a token that a sign-in gives; default 900. */
  readonly signedInSec?: number;
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const BODY_LIMIT = 10_000;

export function issuerUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * A stand-in for the platform's authorization server, for development only: `GET /.well-known/jwks.json`, `GET /authorize` with a page to
 * pick a person on, and `POST /token` with a form (authorization code with PKCE, refresh token) or with JSON
 * `{tenant, user, scope, groups?, expires?}`, both → `{access_token, token_type, expires_in}`.
 */
export function issuerService(options: IssuerOptions): Service {
  let server: Server | undefined;
  return {
    name: 'issuer',
    start: async () => {
      const issuer = new Issuer(await loadIssuerKey(options.dir), options);
      const started = createServer((request, response) => {
        void issuer.answer(request).then(({ status, headers = {}, body }) => {
          response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers });
          response.end(typeof body === 'string' ? body : JSON.stringify(body));
        });
      });
      started.listen(options.port, '127.0.0.1');
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

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const INVALID: Answer = { status: 400, body: { error: 'invalid_request' } };

class Issuer {
  private readonly signIn = new SignIn();
  private readonly key: IssuerKey;
  private readonly options: IssuerOptions;

  constructor(key: IssuerKey, options: IssuerOptions) {
    this.key = key;
    this.options = options;
  }

  async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const route = `${request.method} ${pathname}`;
    if (route === 'GET /.well-known/jwks.json') return { status: 200, body: { keys: [this.key.publicJwk] } };
    // A loopback Host only: a name that somebody lets point here is none.
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(request.headers.host ?? '')) return INVALID;
    if (route === 'GET /authorize') return this.authorize(searchParams, request.headers.cookie ?? '');
    if (route !== 'POST /token') return { status: 404, body: { error: 'not_found' } };
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('application/x-www-form-urlencoded')) return this.redeem(request);
    // JSON gives a token to whoever asks: a web page cannot send it across origins without being asked first, and nobody answers that.
    const claims = type.startsWith('application/json') ? readClaims(await readBody(request)) : undefined;
    return claims === undefined ? INVALID : { status: 200, body: await this.tokenOf(claims) };
  }

  private authorize(query: URLSearchParams, cookies: string): Answer {
    const answer = this.signIn.authorize(query, cookies);
    if ('html' in answer)
      return { status: answer.status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: answer.html };
    const cookie = answer.cookie === undefined ? {} : { 'set-cookie': answer.cookie };
    return { status: 302, headers: { location: answer.redirect, ...cookie }, body: '' };
  }

  private async redeem(request: IncomingMessage): Promise<Answer> {
    const origin = request.headers.origin ?? '';
    const headers = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin)
      ? { 'access-control-allow-origin': origin, vary: 'Origin' }
      : {};
    const redeemed = this.signIn.redeem(new URLSearchParams(await readBody(request)));
    if (!redeemed) return { status: 400, headers, body: { error: 'invalid_grant' } };
    const { person, scope } = redeemed.grant;
    const { tenant, user, groups, name } = person;
    const token = await this.tokenOf({
      tenant,
      user,
      groups,
      scope,
      name,
      expiresInSeconds: this.options.signedInSec ?? 900,
    });
    return { status: 200, headers, body: { ...token, scope, refresh_token: redeemed.refreshToken } };
  }

  private async tokenOf(claims: TokenClaims) {
    const token = await this.key.sign(claims, issuerUrl(this.options.port), this.options.audience);
    return { access_token: token, token_type: 'Bearer', expires_in: claims.expiresInSeconds };
  }
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
