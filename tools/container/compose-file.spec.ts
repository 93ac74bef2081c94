import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  describeConfiguration,
  loadFilesApiConfig,
  loadMigrateConfig,
  loadNotifierConfig,
  loadScanWorkerConfig,
  loadStagingReaperConfig,
} from '@custody/config';
import { interpolate, readCompose, variablesIn } from './compose-file.ts';

const root = new URL('../..', import.meta.url).pathname;
const compose = readCompose(root);
const services = Object.entries(compose.services);
const service = (name: string) => {
  const found = compose.services[name];
  if (!found) throw new Error(`no service ${name}`);
  return found;
};
const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const example = readFileSync(join(root, '.env.example'), 'utf8');

const SECRET = '0123456789abcdef0123456789abcdef';

/** .env as a person would fill it in. */
const filledIn = Object.fromEntries(
  [...example.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value || (/URL|ISSUER/.test(name) ? 'https://example.com/' : name.endsWith('_KEY') ? btoa(SECRET) : SECRET),
  ]),
);
const environmentOf = (name: string) =>
  Object.fromEntries(
    Object.entries(service(name).environment ?? {}).map(([key, value]) => [key, interpolate(value, filledIn)]),
  );

const loaders = {
  'files-api': loadFilesApiConfig,
  'scan-worker': loadScanWorkerConfig,
  'staging-reaper': loadStagingReaperConfig,
  notifier: loadNotifierConfig,
  migrate: loadMigrateConfig,
};

describe('docker-compose.yml', () => {
  it.each(Object.entries(loaders))('gives %s an environment that passes its own validation', (name, load) => {
    expect(() => load(environmentOf(name))).not.toThrow();
  });

  it.each(describeConfiguration().map(({ process, variables }) => [process, variables] as const))(
    'writes no secret of %s down',
    (name, variables) => {
      const given = service(name).environment ?? {};
      const secrets = variables.filter((variable) => variable.secret && variable.name !== 'S3_ACCESS_KEY_ID');
      for (const { name: secret } of secrets) expect(given[secret] ?? '${').toContain('${');
    },
  );

  it.each(describeConfiguration().map(({ process, variables }) => [process, variables] as const))(
    'gives %s no secret it does not read',
    (name, variables) => {
      const read = new Set(variables.map((variable) => variable.name));
      const given = Object.entries(service(name).environment ?? {}).filter(([, value]) => value.includes('${'));
      for (const [variable] of given) expect(read).toContain(variable);
    },
  );

  it('asks for exactly what .env.example explains', () => {
    expect(variablesIn(text).sort()).toEqual(Object.keys(filledIn).sort());
  });

  it('starts each app with its compiled main', () => {
    for (const name of ['files-api', 'scan-worker', 'staging-reaper', 'notifier']) {
      expect(service(name).command).toEqual([`apps/${name}/dist/main.js`]);
    }
  });

  it('names only services, configs and volumes it has, and waits only for what can become healthy', () => {
    for (const [, { depends_on = {}, configs = [], volumes = [] }] of services) {
      for (const { source } of configs) expect(compose.configs).toHaveProperty([source]);
      for (const volume of volumes) expect(compose.volumes).toHaveProperty([volume.split(':')[0] ?? '']);
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services).toHaveProperty([other]);
        if (condition === 'service_healthy') expect(service(other).healthcheck).toBeDefined();
      }
    }
  });

  it('listens on the loopback address only', () => {
    const ports = services.flatMap(([, { ports: published = [] }]) => published);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('lets the API write staging only and the worker both buckets (S10)', () => {
    const identities = JSON.parse(interpolate(compose.configs['s3-identities']?.content ?? '', filledIn)) as {
      identities: { name: string; actions: string[] }[];
    };
    const writes = (who: string) =>
      identities.identities.find(({ name }) => name === who)?.actions.filter((action) => !/^(Read|List)/.test(action));
    expect(writes('api')).toEqual(['Write:custody-staging']);
    expect(writes('worker')).toEqual(['Write:custody-staging', 'Write:custody-main']);
  });

  it('sends clamd no more than it takes', () => {
    const limits = [
      ...(compose.configs['clamd']?.content ?? '').matchAll(/^(?:StreamMaxLength|MaxFileSize) (\d+)M$/gm),
    ];
    expect(limits).toHaveLength(2);
    const most = Number(environmentOf('scan-worker')['CLAMD_MAX_STREAM_BYTES']);
    for (const [, megabytes] of limits) expect(most).toBeLessThanOrEqual(Number(megabytes) * 1024 * 1024);
  });

  it('gives every app longer to stop than they take', () => {
    for (const name of ['files-api', 'scan-worker', 'staging-reaper', 'notifier']) {
      const grace = Number(environmentOf(name)['SHUTDOWN_GRACE_SEC'] ?? 25);
      expect(parseInt(service(name).stop_grace_period ?? '10s')).toBeGreaterThanOrEqual(grace + 5);
    }
  });
});

describe('interpolate', () => {
  it('knows required, default and escaped', () => {
    expect(interpolate('a${B:?why}c$$d${E:-f}', { B: 'b' })).toBe('abc$df');
    expect(() => interpolate('${B:?why}', {})).toThrow('B is not set: why');
  });
});
