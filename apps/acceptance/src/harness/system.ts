import { randomBytes, randomUUID } from 'node:crypto';
import {
  testPool,
  AppProcess,
  APPS,
  eventually,
  FaultProxy,
  freePort,
  freshDatabase,
  stackEnv,
  startRedisServer,
  type AppName,
  type FreshDatabase,
  type RedisServer,
} from '@custody/testing';
import type pg from 'pg';
import { ALL_SCOPES, claimsOf, Client } from './client.js';
import { startEventSink, type EventSink } from './event-sink.js';
import { startIssuer, type Issuer } from './issuer.js';
import { Store } from './store.js';

export type Env = Record<string, string>;

export interface SystemOptions {
  /** Names the log files. */
  readonly label: string;
  /** Apps to start at once; default all. */
  readonly apps?: readonly AppName[];
  /** Settings of every app on top of the addresses. */
  readonly env?: Env;
  /** Where the API listens; a free port unless a test has to know it before. */
  readonly apiPort?: number;
  /** Whether the store tells the API of new objects; default false, so that the reconciler has to find them. */
  readonly storeEvents?: boolean;
}

interface Parts {
  readonly issuer: Issuer;
  readonly sink: EventSink;
  readonly store: Store;
  readonly redis: RedisServer;
  readonly clamdProxy: FaultProxy;
  readonly freshDb: FreshDatabase;
  readonly apiPort: number;
}

/**
 * A whole Custody of one's own: its database, Redis, buckets, issuer and event sink are nobody else's, its apps are processes that
 * may be killed. clamd and the store are the stack's, clamd
 * behind a proxy that can fail.
 */
export class System {
  readonly issuer: Issuer;
  readonly sink: EventSink;
  readonly store: Store;
  readonly redis: RedisServer;
  readonly clamdProxy: FaultProxy;
  private readonly database: pg.Pool;
  private readonly processes = new Map<AppName, AppProcess[]>();

  private constructor(
    private readonly options: SystemOptions,
    private readonly parts: Parts,
  ) {
    ({
      issuer: this.issuer,
      sink: this.sink,
      store: this.store,
      redis: this.redis,
      clamdProxy: this.clamdProxy,
    } = parts);
    this.database = testPool(parts.freshDb.adminUrl);
  }

  static async start(options: SystemOptions): Promise<System> {
    const id = randomUUID().slice(0, 8);
    const [issuer, sink, redis, freshDb, apiPort] = await Promise.all([
      startIssuer(),
      startEventSink(),
      startRedisServer(),
      freshDatabase(),
      options.apiPort ?? freePort(),
    ]);
    const clamdProxy = await FaultProxy.listen({ host: stackEnv('CLAMD_HOST'), port: Number(stackEnv('CLAMD_PORT')) });
    const store = new Store(`acc-${id}-staging`, `acc-${id}-main`);
    const system = new System(options, { issuer, sink, store, redis, clamdProxy, freshDb, apiPort });
    const events = {
      S3_EVENTS_URL: `http://127.0.0.1:${apiPort}/internal/s3-events/${EVENTS_TOKEN}`,
      S3_EVENTS_TOPIC: `acc-${id}`,
    };
    await store.prepare({
      CORS_ORIGINS: options.env?.['CORS_ORIGINS'] ?? ORIGIN,
      ...(options.storeEvents === true ? events : {}),
    });
    await Promise.all((options.apps ?? APPS).map((name) => system.startApp(name)));
    return system;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.parts.apiPort}`;
  }

  /** Starts one more process of an app. */
  async startApp(name: AppName, env: Env = {}): Promise<AppProcess> {
    const app = await this.launchApp(name, env);
    return app.ready();
  }

  /** Starts a process that is expected to end by itself. */
  async launchApp(name: AppName, env: Env = {}): Promise<AppProcess> {
    const app = await AppProcess.spawn(name, { ...this.envOf(name), ...env }, { label: this.options.label });
    this.processes.set(name, [...(this.processes.get(name) ?? []), app]);
    return app;
  }

  /** Ends every process of an app. */
  async stopApp(name: AppName, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const apps = this.processes.get(name) ?? [];
    for (const app of apps) app.signal(signal);
    await Promise.all(apps.map((app) => app.ended()));
    this.processes.delete(name);
  }

  running(name: AppName): AppProcess {
    const app = this.processes.get(name)?.find((one) => one.running);
    if (app === undefined) throw new Error(`${name} is not running`);
    return app;
  }

  /** A caller of a tenant (a new one unless given) at this system's API. */
  async client(
    tenantId: string = randomUUID(),
    scope = ALL_SCOPES,
    userId: string = randomUUID(),
    groups: readonly string[] = [],
  ): Promise<Client> {
    const token = await this.issuer.sign(claimsOf(this.issuer, scope, tenantId, userId, groups));
    return new Client(this.apiUrl, { tenantId, userId, token });
  }

  /** Rows as the superuser sees them. */
  async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(text, values)).rows;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.processes.keys()].map((name) => this.stopApp(name)));
    await Promise.all([this.clamdProxy.close(), this.issuer.stop(), this.sink.stop(), this.database.end()]);
    await Promise.all([this.redis.kill(), this.parts.freshDb.drop(), this.store.drop()]);
  }

  /** Waits for a condition of this system, 30 s at most. */
  eventually<T>(what: string, ask: () => Promise<T | undefined | false>, timeoutMs = 30_000): Promise<T> {
    return eventually(what, ask, timeoutMs);
  }

  get adminUrl(): string {
    return this.parts.freshDb.adminUrl;
  }

  private envOf(name: AppName): Env {
    const user = name === 'files-api' ? 'S3_API' : 'S3_WORKER';
    const crossesTenants = name !== 'files-api';
    return {
      NODE_ENV: 'test',
      LOG_LEVEL: 'debug',
      DATABASE_URL: this.parts.freshDb.appUrl,
      ...(crossesTenants ? { DATABASE_SYSTEM_URL: this.parts.freshDb.systemUrl } : {}),
      REDIS_URL: this.redis.url,
      S3_ENDPOINT: stackEnv('S3_ENDPOINT'),
      S3_PUBLIC_ENDPOINT: stackEnv('S3_PUBLIC_ENDPOINT'),
      S3_REGION: stackEnv('S3_REGION'),
      S3_FORCE_PATH_STYLE: 'true',
      ...(name === 'notifier'
        ? {}
        : {
            S3_ACCESS_KEY_ID: stackEnv(`${user}_ACCESS_KEY_ID`),
            S3_SECRET_ACCESS_KEY: stackEnv(`${user}_SECRET_ACCESS_KEY`),
          }),
      S3_STAGING_BUCKET: this.store.staging,
      S3_MAIN_BUCKET: this.store.main,
      CLAMD_HOST: '127.0.0.1',
      CLAMD_PORT: String(this.clamdProxy.port),
      CLAMD_MAX_STREAM_BYTES: stackEnv('CLAMD_MAX_STREAM_BYTES'),
      AUTH_ISSUER: this.issuer.url,
      AUTH_AUDIENCE: 'custody',
      AUTH_JWKS_URL: this.issuer.jwksUrl,
      PUBLIC_URL: this.apiUrl,
      CORS_ORIGINS: ORIGIN,
      FILES_S3_EVENTS_TOKEN: EVENTS_TOKEN,
      NOTIFY_SINK_URL: this.sink.url,
      WEBHOOK_SECRETS_KEY: SECRETS_KEY,
      UPLOAD_TOKENS_KEY,
      WEBHOOK_ALLOW_HTTP: 'true',
      WEBHOOK_ALLOWED_PORTS: 'any',
      WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1/32',
      RECONCILE_AFTER_SEC: '1',
      RELAY_AFTER_SEC: '0.5',
      REAPER_INTERVAL_SEC: '0.5',
      REAPER_COPY_GRACE_SEC: '1',
      REAPER_SWEEP_EVERY_ROUNDS: '1',
      SCAN_LEASE_SEC: '3',
      ...(name === 'files-api' ? { PORT: String(this.parts.apiPort) } : {}),
      ...this.options.env,
    };
  }
}

/** The one configured origin, unless `CORS_ORIGINS` says otherwise. */
export const ORIGIN = 'http://localhost:3000';

/** Signs the upload tokens of these systems. */
const UPLOAD_TOKENS_KEY = randomBytes(32).toString('base64');

/** Seals the secrets of webhooks in these systems. */
export const SECRETS_KEY = randomBytes(32).toString('base64');

/** The secret of the store-event door in these systems; the log search knows it by its variable's name. */
const EVENTS_TOKEN = stackEnv('FILES_S3_EVENTS_TOKEN');
