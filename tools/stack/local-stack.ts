import { existsSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type BackingService, isGiven, operatorEnv } from './addresses.ts';
import { APP_NAMES, type AppName, appService, isBuilt } from './apps.ts';
import { cephUserArn } from './bucket-policies.ts';
import { makePools, prepareBuckets } from './buckets.ts';
import { cephService } from './ceph.ts';
import { clamdService } from './clamd.ts';
import { prepareDatabase } from './database.ts';
import { aptInstall, type PackagedService, planInstall, thisMachine } from './debian.ts';
import { type Env, writeEnvFile } from './env-file.ts';
import { issuerService } from './issuer.ts';
import { migrate } from './migrations.ts';
import { claimedPorts, isFree, type Ports } from './ports.ts';
import { postgresService } from './postgres.ts';
import { endRecordedProcesses } from './process.ts';
import type { Progress } from './progress.ts';
import { redisService } from './redis.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import type { Service } from './service.ts';
import { waitUntil } from './wait-until.ts';

export type ServiceName = BackingService | AppName;
const PORT_FREE_WITHIN_MS = 3_000;
const BACKING: readonly BackingService[] = ['postgres', 'redis', 's3', 'clamd', 'issuer'];

export interface StackOptions {
  /** The clone. */
  readonly root: string;
  /** Everything the stack writes lies here; a later start with the same folder continues. */
  readonly dir: string;
  readonly ports: Ports;
  /** Default: all. Apps that are not built are left out. */
  readonly services?: readonly ServiceName[];
  /** Whether the store tells the API of new objects; default: when the API is one of the services. */
  readonly storeEvents?: boolean;
  /** Addresses of services that run elsewhere, and settings for the apps. */
  readonly overrides?: Env;
  /** Default `test`. */
  readonly signatures?: 'test' | 'real';
  /** Awaited before the apps start, e.g. a build that runs beside the services. */
  readonly appsBuilt?: Promise<void>;
  /** Programs to install besides those of the services. */
  readonly programs?: readonly PackagedService[];
  readonly progress: Progress;
}

export interface Stack {
  /** The operator's view; also in `<dir>/env`. */
  readonly env: Env;
  /** Takes one service down, as an outage does; its data stay. */
  stopService(name: ServiceName): Promise<void>;
  startService(name: ServiceName): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the services of the stack, sets up database and buckets, and starts the built apps.
 * @throws Error after stopping what had started
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { dir, ports, progress, overrides = {} } = options;
  await mkdir(dir, { recursive: true });
  await chmod(dir, 0o700);
  await endRecordedProcesses(dir);
  const secrets = await loadSecrets(dir);
  const env: Record<string, string> = operatorEnv(ports, secrets, overrides);
  const wanted = options.services ?? [...BACKING, ...APP_NAMES];
  const backing = BACKING.filter((name) => wanted.includes(name) && !isGiven(name, overrides));
  await installPrograms(options, backing);
  await checkPorts(ports);

  const services = new Map<ServiceName, Service>();
  const make = backingServices(options, secrets, env);
  for (const name of backing) services.set(name, make[name]);
  const stop = () => stopAll(services);
  try {
    const bring = (name: BackingService) => {
      const service = services.get(name);
      return service ? progress.step(name, () => service.start()) : Promise.resolve();
    };
    await settleAll([
      bring('postgres').then(() => setUpDatabase(options, wanted, secrets, env)),
      bring('s3').then(() => setUpStore(options, wanted, env)),
      ...(['redis', 'clamd', 'issuer'] as const).map(bring),
    ]);
    await writeEnvFile(dir, env);
    await options.appsBuilt;
    await startApps(options, wanted, services, env);
  } catch (error) {
    await stop();
    throw error;
  }
  const named = (name: ServiceName) => {
    const service = services.get(name);
    if (!service) throw new Error(`${name} is not a service of this stack`);
    return service;
  };
  return {
    env,
    stop,
    stopService: (name) => named(name).stop(),
    startService: (name) => named(name).start(),
  };
}

/** @throws Error naming the port: better than a service that fails to start for a hidden reason */
async function checkPorts(ports: Ports): Promise<void> {
  for (const [name, port] of claimedPorts(ports)) {
    // A process that was just killed gives its ports back a moment after it counts as gone.
    await waitUntil(`port ${port} being free`, PORT_FREE_WITHIN_MS, () => isFree(port)).catch(() => {
      const advice = 'choose others with CUSTODY_PORT_BASE, or PORT for the API';
      throw new Error(`port ${port} (for ${name}) is in use; ${advice}`);
    });
  }
}

async function installPrograms(
  { dir, progress, programs = [] }: StackOptions,
  backing: readonly BackingService[],
): Promise<void> {
  const packaged = backing.filter((name): name is PackagedService & BackingService =>
    ['redis', 's3', 'clamd'].includes(name),
  );
  const plan = await planInstall([...packaged, ...programs], await thisMachine());
  if (plan.kind === 'ask') throw new Error(plan.message);
  if (plan.kind === 'nothing') return;
  const log = path.join(dir, 'apt.log');
  progress.say(`installing ${plan.packages.join(', ')}`);
  await progress.step('system packages', (detail) => aptInstall(plan.packages, log, detail));
}

function backingServices(options: StackOptions, secrets: Secrets, env: Env): Record<BackingService, Service> {
  const { dir, ports, progress } = options;
  return {
    postgres: postgresService({ dir, port: ports.postgres, superuserPassword: secrets.postgres.superuser }),
    redis: redisService({ dir, port: ports.redis, password: secrets.redis }),
    s3: cephService({ dir, s3Port: ports.s3, firstPort: ports.ceph, fsid: secrets.cephFsid, users: secrets.s3 }),
    clamd: clamdService({ dir, port: ports.clamd, signatures: options.signatures ?? 'test', warn: progress.warn }),
    issuer: issuerService({ dir, port: ports.issuer, audience: env['AUTH_AUDIENCE'] ?? '' }),
  };
}

async function setUpDatabase(
  { root, progress, overrides = {} }: StackOptions,
  wanted: readonly ServiceName[],
  secrets: Secrets,
  env: Record<string, string>,
): Promise<void> {
  if (!wanted.includes('postgres')) return;
  // Roles that the caller brings are the caller's business.
  if (!overrides['DATABASE_APP_URL']) {
    const urls = await progress.step('database roles', () =>
      prepareDatabase(env['DATABASE_URL'] ?? '', secrets.postgres),
    );
    env['DATABASE_OWNER_URL'] = urls.owner;
    env['DATABASE_APP_URL'] = urls.app;
    env['DATABASE_SYSTEM_URL'] = urls.system;
  }
  const migrations = path.join(root, 'prisma', 'migrations');
  if (!existsSync(migrations)) return;
  await progress.step('migrations', () => migrate(env['DATABASE_OWNER_URL'] ?? '', migrations));
}

async function setUpStore(
  { ports, progress, overrides = {}, storeEvents }: StackOptions,
  wanted: readonly ServiceName[],
  env: Env,
): Promise<void> {
  if (!wanted.includes('s3')) return;
  const isOurs = !isGiven('s3', overrides);
  // Of some hundred uploads whose event is refused at once, since nobody listens there, Ceph forgets to answer one.
  const tells = isOurs && (storeEvents ?? wanted.includes('files-api'));
  const options = {
    endpoint: env['S3_ENDPOINT'] ?? '',
    region: env['S3_REGION'] ?? '',
    owner: {
      accessKeyId: env['S3_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['S3_SECRET_ACCESS_KEY'] ?? '',
    },
    staging: env['S3_STAGING_BUCKET'] ?? '',
    main: env['S3_MAIN_BUCKET'] ?? '',
    users: isOurs ? { owner: cephUserArn('owner'), api: cephUserArn('api'), worker: cephUserArn('worker') } : undefined,
    corsOrigins: (env['CORS_ORIGINS'] ?? '').split(','),
    // A store elsewhere cannot reach our loopback address.
    eventsUrl: tells ? `http://127.0.0.1:${ports.api}/internal/s3-events/${env['FILES_S3_EVENTS_TOKEN']}` : undefined,
    topic: 'custody-uploads',
  };
  await progress.step('buckets', async () => {
    await prepareBuckets(options);
    if (isOurs) await makePools(options);
  });
}

async function startApps(
  { root, dir, ports, progress, overrides = {} }: StackOptions,
  wanted: readonly ServiceName[],
  services: Map<ServiceName, Service>,
  env: Env,
): Promise<void> {
  const apps = APP_NAMES.filter((name) => wanted.includes(name));
  const absent = apps.filter((name) => !isBuilt(root, name));
  if (absent.length > 0) progress.warn(`not built, not started: ${absent.join(', ')}`);
  const present = apps.filter((name) => isBuilt(root, name));
  const started = present.map((name) => {
    const service = appService(name, { root, dir, ports, env, overrides });
    services.set(name, service);
    return progress.step(name, () => service.start());
  });
  await settleAll(started);
}

/** Apps first, so that they end while what they need still answers. */
async function stopAll(services: ReadonlyMap<ServiceName, Service>): Promise<void> {
  const isApp = (name: ServiceName) => (APP_NAMES as readonly string[]).includes(name);
  const groups = [[...services].filter(([name]) => isApp(name)), [...services].filter(([name]) => !isApp(name))];
  for (const group of groups) await settleAll(group.map(([, service]) => service.stop()));
}

/** Waits for all, then fails with the first reason: nobody is left starting while others are stopped. */
async function settleAll(work: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
