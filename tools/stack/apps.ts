import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Env } from './env-file.ts';
import type { Ports } from './ports.ts';
import { startProcess } from './process.ts';
import { processService, type Service } from './service.ts';

/** Each app, where it listens, whose store credentials it holds (S10), and whether it works across tenants. */
const APPS = {
  'files-api': { port: 'api', store: 'API', crossesTenants: false },
  'scan-worker': { port: 'worker', store: 'WORKER', crossesTenants: true },
  'staging-reaper': { port: 'reaper', store: 'WORKER', crossesTenants: true },
  notifier: { port: 'notifier', store: 'NONE', crossesTenants: true },
} as const satisfies Record<string, { port: keyof Ports; store: 'API' | 'WORKER' | 'NONE'; crossesTenants: boolean }>;

/** Where Node keeps compiled code; a start that finds it takes half the time. */
const COMPILED = 'node_modules/.cache/compiled';

export type AppName = keyof typeof APPS;
export const APP_NAMES = Object.keys(APPS) as AppName[];

/** What a person may set for the apps beside the addresses. */
const TUNABLE =
  /^(FILES|SCAN|NOTIFY|REAPER|RELAY|RECONCILE|REDELIVER|OUTBOX|LOG|OTEL|RATE|WEBHOOK|AUTH|CORS|DERIVE|CONSOLE)_|^(S3_SSE|NODE_OPTIONS|CRASH_AT)$/;

export interface AppOptions {
  readonly root: string;
  readonly dir: string;
  readonly ports: Ports;
  readonly env: Env;
  readonly overrides: Env;
}

export function isBuilt(root: string, name: AppName): boolean {
  return existsSync(entryOf(root, name));
}

/** One built app as a service; ready once its `/health/ready` says 200. */
export function appService(name: AppName, options: AppOptions): Service {
  const port = options.ports[APPS[name].port];
  return processService(name, async (keep) => {
    keep(
      await startProcess(options.dir, {
        name,
        command: process.execPath,
        args: ['--enable-source-maps', entryOf(options.root, name)],
        cwd: options.root,
        env: { ...appEnv(name, port, options), NODE_COMPILE_CACHE: path.join(options.root, COMPILED) },
        readyWithinMs: 60_000,
        ready: () => isReady(port),
      }),
    );
  });
}

function entryOf(root: string, name: AppName): string {
  return path.join(root, 'apps', name, 'dist', 'main.js');
}

/** The operator's view narrowed to what this app may know. */
export function appEnv(name: AppName, port: number, { env, overrides }: AppOptions): Env {
  const tuned = Object.fromEntries(Object.entries(overrides).filter(([key]) => TUNABLE.test(key)));
  const names = [...SHARED, ...SECRETS[name]];
  const shared = Object.fromEntries(names.map((key) => [key, env[key] ?? '']));
  const { store, crossesTenants } = APPS[name];
  const keys =
    store === 'NONE'
      ? {}
      : {
          S3_ACCESS_KEY_ID: env[`S3_${store}_ACCESS_KEY_ID`] ?? '',
          S3_SECRET_ACCESS_KEY: env[`S3_${store}_SECRET_ACCESS_KEY`] ?? '',
        };
  const across = crossesTenants ? { DATABASE_SYSTEM_URL: env['DATABASE_SYSTEM_URL'] ?? '' } : {};
  return {
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    CONSOLE_ENABLED: 'true',
    ...tuned,
    ...shared,
    ...keys,
    ...across,
    DATABASE_URL: env['DATABASE_APP_URL'] ?? '',
    HOST: '127.0.0.1',
    PORT: String(port),
  };
}

const SHARED = [
  'REDIS_URL',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'S3_REGION',
  'S3_STAGING_BUCKET',
  'S3_MAIN_BUCKET',
  'S3_FORCE_PATH_STYLE',
  'S3_SSE',
  'CLAMD_HOST',
  'CLAMD_PORT',
  'CLAMD_MAX_STREAM_BYTES',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_JWKS_URL',
  'PUBLIC_URL',
  'CORS_ORIGINS',
  'FILES_S3_EVENTS_TOKEN',
  'WEBHOOK_ALLOW_HTTP',
  'WEBHOOK_ALLOWED_PORTS',
  'WEBHOOK_ALLOWED_ADDRESSES',
];

/** What one app seals, opens or signs with. */
const SECRETS: Readonly<Record<AppName, readonly string[]>> = {
  'files-api': ['WEBHOOK_SECRETS_KEY', 'UPLOAD_TOKENS_KEY'],
  'scan-worker': [],
  'staging-reaper': [],
  notifier: ['WEBHOOK_SECRETS_KEY'],
};

async function isReady(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(3_000) });
  await answer.body?.cancel();
  return answer.status === 200;
}
