import { z } from 'zod';
import { addressOf } from '../address.js';
import { group } from '../group.js';
import { optionalText, text, wholeNumber } from '../variable.js';

const postgres = addressOf('postgresql:', 'postgres:');
const example = (role: string) => `postgresql://${role}:password@127.0.0.1:5432/custody`;

const variables = {
  DATABASE_URL: text(
    {
      description: 'PostgreSQL as role custody_app (row-level security)',
      example: example('custody_app'),
      secret: true,
    },
    postgres,
  ),
  DATABASE_POOL_MAX: wholeNumber({
    description: 'Most PostgreSQL connections of this process, per role',
    unit: 'connections',
    min: 1,
    max: 500,
    default: 16,
  }),
};

export const database = group('PostgreSQL', z.object(variables), (v) => ({
  url: v.DATABASE_URL,
  poolMax: v.DATABASE_POOL_MAX,
}));

/** For processes that also work across tenants. */
export const systemDatabase = group(
  'PostgreSQL',
  z.object({
    ...variables,
    DATABASE_SYSTEM_URL: text(
      {
        description: 'PostgreSQL as role custody_system (work across tenants)',
        example: example('custody_system'),
        secret: true,
      },
      postgres,
    ),
  }),
  (v) => ({ url: v.DATABASE_URL, systemUrl: v.DATABASE_SYSTEM_URL, poolMax: v.DATABASE_POOL_MAX }),
);

export const ownerDatabase = group(
  'PostgreSQL',
  z.object({
    DATABASE_URL: text(
      { description: 'PostgreSQL as the role that owns and migrates', example: example('custody_owner'), secret: true },
      postgres,
    ),
    DATABASE_APP_URL: optionalText(
      {
        description: 'URL of custody_app; when set, migrating gives that role this password',
        example: example('custody_app'),
        secret: true,
      },
      postgres,
    ),
    DATABASE_SYSTEM_URL: optionalText(
      {
        description: 'URL of custody_system; when set, migrating gives that role this password',
        example: example('custody_system'),
        secret: true,
      },
      postgres,
    ),
  }),
  (v) => ({ url: v.DATABASE_URL, appUrl: v.DATABASE_APP_URL, systemUrl: v.DATABASE_SYSTEM_URL }),
);
