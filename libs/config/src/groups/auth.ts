import { z } from 'zod';
import { webAddress } from '../address.js';
import { group } from '../group.js';
import { keyList } from '../key-list.js';
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
    UPLOAD_TOKENS_KEY: text(
      {
        description:
          'Signs the upload tokens that stand in a path: 32 bytes in base64. Several, separated by commas: the first signs, all verify',
        example: 'TUFLRSBPTkUgT0YgWU9VUiBPV04gV0lUSCBPUEVOU1M=',
        secret: true,
      },
      keyList,
    ),
  }),
  (v) => ({
    issuer: v.AUTH_ISSUER,
    audience: v.AUTH_AUDIENCE,
    jwksUrl: v.AUTH_JWKS_URL,
    uploadTokenKeys: v.UPLOAD_TOKENS_KEY,
  }),
);
