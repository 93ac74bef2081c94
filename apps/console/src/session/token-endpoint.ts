import { pageUrl, type Settings } from './settings.js';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly expiresInSec: number;
}

/** The authorization server refused the grant (RFC 6749 5.2): only a new sign-in helps. */
export class GrantRefused extends Error {}

export const exchangeCode = (settings: Settings, code: string, verifier: string): Promise<Tokens> =>
  ask(settings, {
    grant_type: 'authorization_code',
    code,
    code_verifier: verifier,
    redirect_uri: pageUrl(settings),
  });

export const refresh = (settings: Settings, refreshToken: string): Promise<Tokens> =>
  ask(settings, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function ask(settings: Settings, grant: Readonly<Record<string, string>>): Promise<Tokens> {
  const answer = await fetch(settings.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ ...grant, client_id: settings.clientId }),
  });
  if (answer.status >= 500) throw new Error(`the authorization server answered ${answer.status}`);
  if (!answer.ok) throw new GrantRefused(`the authorization server answered ${answer.status}`);
  const body = (await answer.json()) as { access_token: string; refresh_token?: string; expires_in?: number };
  return { accessToken: body.access_token, refreshToken: body.refresh_token, expiresInSec: body.expires_in ?? 300 };
}
