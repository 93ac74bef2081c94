import { z } from 'zod';
import { webAddress } from '../address.js';
import { group } from '../group.js';
import { optionalText, textOr, yesOrNo } from '../variable.js';

const server = 'of the authorization server; below AUTH_ISSUER when not set';

export const webConsole = group(
  'Console',
  z.object({
    CONSOLE_ENABLED: yesOrNo(false, { description: 'Whether the web console is served at /console' }),
    CONSOLE_CLIENT_ID: textOr('custody-console', {
      description: 'Client id of the console: a public client with PKCE whose redirect URI is PUBLIC_URL + /console/',
    }),
    CONSOLE_SCOPE: textOr('files:read files:write files:export files:admin', {
      description: 'Scopes the console asks for; the authorization server decides which of them a user gets',
    }),
    CONSOLE_AUTHORIZE_URL: optionalText(
      { description: `Page to sign in at ${server}`, example: 'https://auth.example.com/authorize' },
      webAddress,
    ),
    CONSOLE_TOKEN_URL: optionalText(
      { description: `Token endpoint ${server}`, example: 'https://auth.example.com/token' },
      webAddress,
    ),
  }),
  (v) => ({
    enabled: v.CONSOLE_ENABLED,
    clientId: v.CONSOLE_CLIENT_ID,
    scope: v.CONSOLE_SCOPE,
    authorizeUrl: v.CONSOLE_AUTHORIZE_URL,
    tokenUrl: v.CONSOLE_TOKEN_URL,
  }),
);
