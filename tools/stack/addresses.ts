import { CLAMD_CEILING } from './clamd.ts';
import type { Env } from './env-file.ts';
import { issuerUrl } from './issuer.ts';
import { postgresUrl } from './postgres.ts';
import type { Ports } from './ports.ts';
import type { Secrets } from './secrets.ts';

/** The services a caller can bring along by URL instead of having them started. */
export type BackingService = 'postgres' | 'redis' | 's3' | 'clamd' | 'issuer';

/** The variable that says "this one runs elsewhere". */
const GIVEN_BY: Record<BackingService, string> = {
  postgres: 'DATABASE_URL',
  redis: 'REDIS_URL',
  s3: 'S3_ENDPOINT',
  clamd: 'CLAMD_HOST',
  issuer: 'AUTH_JWKS_URL',
};

export function isGiven(service: BackingService, overrides: Env): boolean {
  return Boolean(overrides[GIVEN_BY[service]]);
}

const DATABASE = 'custody';
const AUDIENCE = 'custody';

/** Every address and credential of a stack, as its operator sees them; `overrides` win. */
export function operatorEnv(ports: Ports, secrets: Secrets, overrides: Env): Record<string, string> {
  const apiUrl = `http://localhost:${ports.api}`;
  const own: Record<string, string> = {
    API_URL: apiUrl,
    PUBLIC_URL: apiUrl,
    CORS_ORIGINS: apiUrl,
    FILES_S3_EVENTS_TOKEN: secrets.s3EventsToken,
    UPLOAD_TOKENS_KEY: secrets.uploadTokens,
    // Receivers of somebody who tries things out are on this machine.
    WEBHOOK_SECRETS_KEY: secrets.webhooksKey,
    WEBHOOK_ALLOW_HTTP: 'true',
    WEBHOOK_ALLOWED_PORTS: 'any',
    WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1/32,::1/128',
    ...databaseEnv(ports, secrets),
    REDIS_URL: `redis://:${secrets.redis}@127.0.0.1:${ports.redis}`,
    ...storeEnv(ports, secrets, overrides),
    CLAMD_HOST: '127.0.0.1',
    CLAMD_PORT: String(isGiven('clamd', overrides) ? 3310 : ports.clamd),
    ...(isGiven('clamd', overrides) ? {} : { CLAMD_MAX_STREAM_BYTES: String(CLAMD_CEILING) }),
    AUTH_ISSUER: issuerUrl(ports.issuer),
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_JWKS_URL: `${issuerUrl(ports.issuer)}/.well-known/jwks.json`,
    TOKEN_URL: `${issuerUrl(ports.issuer)}/token`,
  };
  const env = Object.entries(own).map(([name, value]) => [name, overrides[name] || value] as const);
  return Object.fromEntries(env);
}

function databaseEnv(ports: Ports, { postgres }: Secrets): Env {
  const url = (user: string, password: string) => postgresUrl(ports.postgres, user, password, DATABASE);
  return {
    DATABASE_URL: url('postgres', postgres.superuser),
    DATABASE_OWNER_URL: url('custody_owner', postgres.owner),
    DATABASE_APP_URL: url('custody_app', postgres.app),
    DATABASE_SYSTEM_URL: url('custody_system', postgres.system),
  };
}

/** A store given by URL has one pair of keys unless the caller gives all three. */
function storeEnv(ports: Ports, secrets: Secrets, overrides: Env): Env {
  const endpoint = overrides['S3_ENDPOINT'] || `http://127.0.0.1:${ports.s3}`;
  const given = {
    accessKeyId: overrides['S3_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: overrides['S3_SECRET_ACCESS_KEY'] ?? '',
  };
  const { owner, api, worker } = isGiven('s3', overrides) ? { owner: given, api: given, worker: given } : secrets.s3;
  return {
    S3_ENDPOINT: endpoint,
    S3_PUBLIC_ENDPOINT: endpoint,
    S3_REGION: 'us-east-1',
    S3_ACCESS_KEY_ID: owner.accessKeyId,
    S3_SECRET_ACCESS_KEY: owner.secretAccessKey,
    S3_API_ACCESS_KEY_ID: api.accessKeyId,
    S3_API_SECRET_ACCESS_KEY: api.secretAccessKey,
    S3_WORKER_ACCESS_KEY_ID: worker.accessKeyId,
    S3_WORKER_SECRET_ACCESS_KEY: worker.secretAccessKey,
    S3_STAGING_BUCKET: 'custody-staging',
    S3_MAIN_BUCKET: 'custody-main',
    S3_FORCE_PATH_STYLE: 'true',
    S3_SSE: 'none',
  };
}
