import { z } from 'zod';
import { originList, webAddress } from '../address.js';
import { group } from '../group.js';
import { optionalText, text, variableNotes } from '../variable.js';

const origins = originList.optional();
variableNotes.add(origins, {
  description: 'Origins that may read answers in a browser; none when not set',
  example: 'https://app.example.com,https://admin.example.com',
  optional: true,
});

export const http = group(
  'Public doors',
  z.object({
    PUBLIC_URL: text({ description: 'Base URL that clients use', example: 'https://files.example.com' }, webAddress),
    CORS_ORIGINS: origins,
    FILES_S3_EVENTS_TOKEN: optionalText(
      {
        description:
          'Secret of POST /internal/s3-events, given as bearer token or last path segment; the door is closed when not set',
        example: '32 random characters',
        secret: true,
      },
      z.string().regex(/^[\w.~-]{16,}$/, 'must be 16 or more letters, digits or . _ ~ -'),
    ),
  }),
  (v) => ({
    publicUrl: v.PUBLIC_URL.replace(/\/+$/, ''),
    corsOrigins: v.CORS_ORIGINS ?? [],
    s3EventsToken: v.FILES_S3_EVENTS_TOKEN,
  }),
);
