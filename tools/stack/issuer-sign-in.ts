import { createHash, randomBytes } from 'node:crypto';
import { refusalPage, signInPage } from './issuer-page.ts';
import { PEOPLE, type Person } from './issuer-people.ts';

/** Who signed in for which client, and what they may do there. */
export interface Grant {
  readonly person: Person;
  readonly clientId: string;
  readonly scope: string;
}

interface PendingCode extends Grant {
  readonly redirectUri: string;
  readonly challenge: string;
  readonly endsAt: number;
}

export type SignInAnswer =
  { readonly html: string; readonly status: number } | { readonly redirect: string; readonly cookie?: string };

const CODE_LIFE_MS = 60_000;
const COOKIE = 'custody_person';
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

/** The authorization code grant with PKCE (RFC 6749 4.1, RFC 7636) for public clients on this machine, with refresh tokens that rotate. */
export class SignIn {
  private readonly codes = new Map<string, PendingCode>();
  private readonly refreshable = new Map<string, Grant>();

  /** `GET /authorize`; a link of its own page carries `person` besides. */
  authorize(query: URLSearchParams, cookies: string): SignInAnswer {
    const redirectUri = query.get('redirect_uri') ?? '';
    const clientId = query.get('client_id') ?? '';
    // RFC 6749 4.1.2.1: never redirect to an address that is not known good.
    if (!LOOPBACK.test(redirectUri) || clientId === '')
      return { status: 400, html: refusalPage('redirect_uri must be on this machine, and client_id must be there.') };
    const back = (answer: Readonly<Record<string, string>>) => backTo(redirectUri, query.get('state'), answer);
    const challenge = query.get('code_challenge') ?? '';
    if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
    if (query.get('code_challenge_method') !== 'S256' || !/^[\w-]{43}$/.test(challenge))
      return back({ error: 'invalid_request', error_description: 'PKCE with S256 is required' });
    const prompt = query.get('prompt');
    const asksAgain = prompt === 'login' || prompt === 'select_account';
    const key = query.get('person') ?? (asksAgain ? undefined : personIn(cookies));
    const person = PEOPLE.find((one) => one.key === key);
    if (!person) return prompt === 'none' ? back({ error: 'login_required' }) : { status: 200, html: picker(query) };
    const scope = narrowed(query.get('scope'), person.scope);
    const code = randomBytes(24).toString('base64url');
    this.codes.set(code, { person, clientId, scope, redirectUri, challenge, endsAt: Date.now() + CODE_LIFE_MS });
    return { ...back({ code }), cookie: `${COOKIE}=${person.key}; Path=/; HttpOnly; SameSite=Lax` };
  }

  /** `POST /token` with a form: the grant it names and a new refresh token, or nothing when it is not good (`invalid_grant`). */
  redeem(form: URLSearchParams): { grant: Grant; refreshToken: string } | undefined {
    const grant = form.get('grant_type') === 'refresh_token' ? this.refreshed(form) : this.exchanged(form);
    if (!grant || grant.clientId !== form.get('client_id')) return undefined;
    const refreshToken = randomBytes(32).toString('base64url');
    this.refreshable.set(refreshToken, grant);
    return { grant, refreshToken };
  }

  private refreshed(form: URLSearchParams): Grant | undefined {
    const token = form.get('refresh_token') ?? '';
    const grant = this.refreshable.get(token);
    this.refreshable.delete(token);
    return grant;
  }

  private exchanged(form: URLSearchParams): Grant | undefined {
    if (form.get('grant_type') !== 'authorization_code') return undefined;
    const code = form.get('code') ?? '';
    const pending = this.codes.get(code);
    // RFC 6749 4.1.2: a code is good once.
    this.codes.delete(code);
    if (!pending || pending.endsAt < Date.now() || pending.redirectUri !== form.get('redirect_uri')) return undefined;
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (verified !== pending.challenge) return undefined;
    const { person, clientId, scope } = pending;
    return { person, clientId, scope };
  }
}

function backTo(uri: string, state: string | null, answer: Readonly<Record<string, string>>): { redirect: string } {
  const redirect = new URL(uri);
  for (const [name, value] of Object.entries(answer)) redirect.searchParams.set(name, value);
  if (state !== null) redirect.searchParams.set('state', state);
  return { redirect: redirect.href };
}

function picker(query: URLSearchParams): string {
  return signInPage(PEOPLE, ({ key }) => {
    const chosen = new URLSearchParams(query);
    chosen.set('person', key);
    return `/authorize?${chosen.toString()}`;
  });
}

const personIn = (cookies: string) => new RegExp(`(?:^|; )${COOKIE}=(\\w+)`).exec(cookies)?.[1];

/** What is both asked for and allowed; everything allowed when nothing is asked for. */
function narrowed(asked: string | null, allowed: string): string {
  if (!asked) return allowed;
  const wanted = asked.split(' ');
  return allowed
    .split(' ')
    .filter((one) => wanted.includes(one))
    .join(' ');
}
