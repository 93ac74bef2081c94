import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { appEnv, type AppName, isBuilt } from '../stack/apps.ts';
import type { Env } from '../stack/env-file.ts';
import { freePorts, type Ports } from '../stack/ports.ts';
import { storeOf, type Store } from './store.ts';
import { startProcess, type RunningProcess } from '../stack/process.ts';

/** A process that is measured, or a ceiling. */
export interface Server extends RunningProcess {
  readonly port: number;
  /** Resident memory, in bytes; the most since the start with `peak`. */
  readonly rss: () => { readonly now: number; readonly peak: number };
}

export interface BenchOptions {
  readonly root: string;
  /** Logs and pidfiles. */
  readonly dir: string;
  /** Of the services: the operator's view. */
  readonly env: Env;
  /** One short repetition of everything on small data: shows that the cases run, measures nothing. */
  readonly quick: boolean;
}

/** Budgets stay switched on, with what they cost, and are never used up. */
const SETTINGS: Env = {
  FILES_RATE_LIMIT_TENANT_PER_MIN: '1000000000',
  FILES_RATE_LIMIT_USER_PER_MIN: '1000000000',
  FILES_STAGING_MAX_PER_TENANT: '1000000',
  NODE_ENV: 'production',
};

/** Services that run, and what cases start on them. */
export class Bench {
  readonly env: Env;
  readonly quick: boolean;
  readonly repeat: number;
  /** Of one repetition under load. */
  readonly measureMs: number;
  /** The store, as its owner. */
  readonly store: Store;
  /** A superuser: row-level security does not hold it. */
  readonly admin: pg.Pool;
  /** Of this run. */
  readonly tenants = new Set<string>();
  private readonly servers = new Set<Server>();
  private readonly shared = new Map<string, Promise<Server>>();

  private readonly options: BenchOptions;

  constructor(options: BenchOptions) {
    this.options = options;
    this.env = options.env;
    this.quick = options.quick;
    this.repeat = options.quick ? 1 : 5;
    this.measureMs = options.quick ? 500 : 4_000;
    this.store = storeOf(options.env);
    this.admin = new pg.Pool({ connectionString: this.need('DATABASE_URL'), max: 4 });
  }

  /** A variable of the services. @throws Error naming it */
  need(name: string): string {
    const value = this.env[name];
    if (!value) throw new Error(`${name} is not set`);
    return value;
  }

  /** One `files-api` and one server of ceilings for all cases of HTTP. */
  api(): Promise<Server> {
    return this.once('files-api', () => this.startApp('files-api'));
  }

  ceilings(): Promise<Server> {
    return this.once('ceilings', () =>
      this.start('ceilings', path.join(import.meta.dirname, 'ceilings/server.ts'), '/', async (port) => ({
        ...this.env,
        PORT: String(port),
      })),
    );
  }

  /** A process of its own, ready. */
  startApp(name: AppName, settings: Env = {}): Promise<Server> {
    const { root, dir, env } = this.options;
    if (!isBuilt(root, name)) throw new Error(`${name} is not built`);
    const entry = path.join(root, 'apps', name, 'dist/main.js');
    return this.start(name, entry, '/health/ready', async (port, ports) => ({
      ...appEnv(name, port, { root, dir, ports, env, overrides: {} }),
      ...SETTINGS,
      NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
      ...settings,
    }));
  }

  /** A bearer token of the issuer, for an hour. */
  async token(
    tenant: string,
    scope = 'files:read files:write files:export',
    user: string = randomUUID(),
  ): Promise<string> {
    this.tenants.add(tenant);
    const answer = await fetch(this.need('TOKEN_URL'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenant, user, scope, groups: [], expires: 3_600 }),
    });
    if (!answer.ok) throw new Error(`no token: ${answer.status}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers].map((server) => server.stop()));
    await this.admin.end();
  }

  private once(name: string, start: () => Promise<Server>): Promise<Server> {
    const started = this.shared.get(name) ?? start();
    this.shared.set(name, started);
    return started;
  }

  private async start(
    name: string,
    entry: string,
    readyPath: string,
    envOf: (port: number, ports: Ports) => Promise<Env>,
  ): Promise<Server> {
    const ports = await freePorts();
    const port = ports.api;
    const running = await startProcess(this.options.dir, {
      name: `${name}-${port}`,
      command: process.execPath,
      args: ['--enable-source-maps', ...(process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? []), entry],
      cwd: this.options.root,
      env: await envOf(port, ports),
      readyWithinMs: 60_000,
      ready: () => answers(port, readyPath),
    });
    const rss = () => memoryOf(running.pid);
    const server = { ...running, port, rss, stop: () => (this.servers.delete(server), running.stop()) };
    this.servers.add(server);
    return server;
  }
}

async function answers(port: number, at: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}${at}`);
  await answer.body?.cancel();
  return answer.status === 200;
}

/** Linux: /proc says it in kB. */
function memoryOf(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? Number.NaN) * 1024;
  return { now: field('VmRSS'), peak: field('VmHWM') };
}
