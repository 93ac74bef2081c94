import { z } from 'zod';
import { webAddress } from '../address.js';
import { group } from '../group.js';
import { text, textOr } from '../variable.js';

export const auth = group(
  'Authorization server',
  z.object({
    AUTH_ISSUER: text({ description: 'Exact `iss` of accepted tokens', example: 'https://auth.example.com' }),
    AUTH_AUDIENCE: textOr('custody', { description: '`aud` of accepted tokens' }),
    AUTH_JWKS_URL: text(
      { description: 'Public keys of the issuer', example: 'https://auth.example.com/.well-known/jwks.json' },
      webAddress,
    ),
  }),
  (v) => ({ issuer: v.AUTH_ISSUER, audience: v.AUTH_AUDIENCE, jwksUrl: v.AUTH_JWKS_URL }),
);
