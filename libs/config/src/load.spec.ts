import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  ConfigurationError,
  describeConfiguration,
  loadFilesApiConfig,
  loadMigrateConfig,
  loadNotifierConfig,
  loadScanWorkerConfig,
  loadStagingReaperConfig,
} from './index.js';

const KEY = Buffer.alloc(32, 'webhooks').toString('base64');

const environment = {
  PUBLIC_URL: 'https://files.example.com/',
  DATABASE_URL: 'postgresql://custody_app:p4ssw0rd-app@db/custody',
  DATABASE_SYSTEM_URL: 'postgresql://custody_system:p4ssw0rd-system@db/custody',
  REDIS_URL: 'redis://:r3dis-password@redis:6379',
  S3_ENDPOINT: 'http://s3:8080',
  S3_ACCESS_KEY_ID: 'access-key-id',
  S3_SECRET_ACCESS_KEY: 'very-secret-access-key',
  S3_STAGING_BUCKET: 'custody-staging',
  S3_MAIN_BUCKET: 'custody-main',
  AUTH_ISSUER: 'https://auth.example.com',
  AUTH_JWKS_URL: 'https://auth.example.com/jwks.json',
  CLAMD_HOST: 'clamd',
  WEBHOOK_SECRETS_KEY: KEY,
  UPLOAD_TOKENS_KEY: KEY,
};

const complaint = (env: Record<string, string | undefined>, load: (env: never) => unknown = loadFilesApiConfig) => {
  try {
    load(env as never);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
};

describe('the configuration of a process', () => {
  it('has the defaults of the mission', () => {
    const config = loadFilesApiConfig(environment);
    expect(config.uploads).toEqual({
      presignExpirySec: 900,
      maxSizeBytes: 5_497_558_138_880,
      partSizeBytes: 16_777_216,
      stagingMaxPerTenant: 100,
      stagingTtlHours: 24,
      idempotencyKeepSec: 86_400,
    });
    expect(config.downloads.expirySec).toBe(3_600);
    expect(config.http).toEqual({ publicUrl: 'https://files.example.com', corsOrigins: [], s3EventsToken: undefined });
    expect(config.auth.audience).toBe('custody');
    expect(config.runtime).toMatchObject({ name: 'files-api', host: '127.0.0.1', port: 3000 });
    expect(config.store.publicEndpoint).toBe('http://s3:8080');
  });

  it('gives each process its own port and only what it needs', () => {
    expect(loadScanWorkerConfig(environment).runtime.port).toBe(3001);
    expect(loadStagingReaperConfig(environment).runtime.port).toBe(3002);
    const notifier = loadNotifierConfig({ ...environment, S3_ENDPOINT: undefined });
    expect(notifier.runtime.port).toBe(3003);
    expect(loadMigrateConfig({ DATABASE_URL: environment.DATABASE_URL }).database.systemUrl).toBeUndefined();
    expect(loadFilesApiConfig(environment).database).not.toHaveProperty('systemUrl');
  });

  it('accepts a fraction of an hour, an empty value as not set, and a list of origins', () => {
    const config = loadFilesApiConfig({
      ...environment,
      FILES_STAGING_TTL_HOURS: '0.001',
      FILES_PRESIGN_EXPIRY_SEC: '',
      CORS_ORIGINS: 'https://a.example.com, http://localhost:5173',
    });
    expect(config.uploads.stagingTtlHours).toBe(0.001);
    expect(config.uploads.presignExpirySec).toBe(900);
    expect(config.http.corsOrigins).toEqual(['https://a.example.com', 'http://localhost:5173']);
  });

  it('reads lists', () => {
    const lists = {
      WEBHOOK_SECRETS_KEY: `${KEY},${KEY}`,
      WEBHOOK_ALLOWED_PORTS: '443,8443',
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1/32,fd00::/8',
      WEBHOOK_DNS_SERVERS: '127.0.0.1:5353,[::1]:53,9.9.9.9',
    };
    expect(loadFilesApiConfig({ ...environment, ...lists }).webhooks).toMatchObject({
      ports: [443, 8443],
      openedAddresses: ['127.0.0.1/32', 'fd00::/8'],
      dnsServers: ['127.0.0.1:5353', '[::1]:53', '9.9.9.9'],
    });
    const { webhooks } = loadNotifierConfig({ ...environment, WEBHOOK_ALLOWED_PORTS: 'any' });
    expect(webhooks).toMatchObject({ ports: 'any', openedAddresses: [], allowHttp: false });
    expect(webhooks.retrySec).toHaveLength(9);
  });

  it('cannot be changed', () => {
    const config = loadFilesApiConfig(environment);
    expect(Object.isFrozen(config) && Object.isFrozen(config.store) && Object.isFrozen(config.http.corsOrigins)).toBe(
      true,
    );
  });

  it('keeps secrets out of JSON and inspect, yet readable', () => {
    const config = loadScanWorkerConfig(environment);
    expect(config.store.secretAccessKey).toBe('very-secret-access-key');
    for (const printed of [JSON.stringify(config), inspect(config, { depth: 9 }), JSON.stringify({ deep: [config] })]) {
      expect(printed).toContain('custody-staging');
      expect(printed).not.toMatch(/p4ssw0rd|r3dis|very-secret|access-key-id/);
    }
  });
});

describe('a wrong environment', () => {
  it('is reported all at once, each with what is wrong and an example', () => {
    const error = complaint({
      ...environment,
      REDIS_URL: undefined,
      PORT: '70000',
      S3_SSE: 'kms',
      S3_MAIN_BUCKET: 'x',
    });
    expect(error.names).toEqual(['PORT', 'REDIS_URL', 'S3_MAIN_BUCKET', 'S3_SSE']);
    expect(error.exitCode).toBe(78);
    expect(error.message).toContain(
      'REDIS_URL is required and not set (Redis of the queues; example: redis://127.0.0.1:6379)',
    );
    expect(error.message).toContain('PORT must be at most 65535, got "70000"');
    expect(error.message).toContain('S3_SSE must be one of none, AES256, got "kms"');
  });

  it.each([
    ['S3_MAIN_BUCKET', 'custody-staging'],
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://a.example.com/path'],
    ['S3_ENDPOINT', 'https://user:password@s3.example.com'],
    ['FILES_PRESIGN_EXPIRY_SEC', '604801'],
    ['FILES_STAGING_TTL_HOURS', '-1'],
    ['FILES_STAGING_MAX_PER_TENANT', '1e3'],
    ['FILES_S3_EVENTS_TOKEN', 'short'],
    ['DATABASE_URL', 'mysql://db/custody'],
    ['UPLOAD_TOKENS_KEY', 'c2hvcnQ='],
    ['WEBHOOK_SECRETS_KEY', 'c2hvcnQ='],
    ['WEBHOOK_SECRETS_KEY', `${KEY},`],
    ['WEBHOOK_ALLOWED_PORTS', '443,all'],
    ['WEBHOOK_ALLOWED_PORTS', '0'],
    ['WEBHOOK_ALLOWED_ADDRESSES', '10.0.0.1'],
    ['WEBHOOK_ALLOWED_ADDRESSES', '10.0.0.0/33'],
    ['WEBHOOK_ALLOWED_ADDRESSES', 'fd00::/129'],
    ['WEBHOOK_DNS_SERVERS', 'dns.example.com'],
  ])('refuses %s=%s', (name, value) => {
    expect(complaint({ ...environment, [name]: value }).names).toEqual([name]);
  });

  it('never prints the value of a secret', () => {
    const secrets = describeConfiguration().flatMap(({ variables }) => variables.filter(({ secret }) => secret));
    expect(secrets.length).toBeGreaterThan(8);
    for (const { name } of secrets) {
      const env = { ...environment, PORT: 'wrong', [name]: '\u0001not-to-be-seen ' };
      expect(complaint(env, loadFilesApiConfig).message).not.toContain('not-to-be-seen');
      expect(complaint(env, loadScanWorkerConfig).message).not.toContain('not-to-be-seen');
    }
  });

  it('is one line per problem whatever is in a value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        const { message, names } = complaint({ ...environment, PORT: `x${value}`, S3_SSE: `x${value}` });
        expect(message.split('\n')).toHaveLength(names.length + 1);
      }),
    );
  });
});

it('describes every variable once per process', () => {
  for (const { variables } of describeConfiguration()) {
    const names = variables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  }
  const required = describeConfiguration()
    .find(({ process }) => process === 'notifier')
    ?.variables.filter((variable) => variable.required);
  expect(required?.map(({ name }) => name)).toEqual([
    ...['DATABASE_URL', 'DATABASE_SYSTEM_URL', 'REDIS_URL', 'WEBHOOK_SECRETS_KEY'],
  ]);
});
