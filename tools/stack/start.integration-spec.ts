import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type Env, readEnvFile } from './env-file.ts';
import { freePorts, type Ports } from './ports.ts';
import { waitUntil } from './wait-until.ts';

const root = process.cwd();
const READY_MS = 60_000;

interface Place {
  readonly dir: string;
  readonly ports: Ports;
}

jest.setTimeout(READY_MS + 30_000);

/** What a new terminal has: a test run's own stack is among our variables, and `npm start` would use its services. */
const shell = Object.fromEntries(['PATH', 'HOME', 'TMPDIR'].map((name) => [name, process.env[name]]));

const places: Place[] = [];
const started: ChildProcess[] = [];
let here: Place;

beforeEach(async () => {
  here = await newPlace();
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  for (const { dir } of places.splice(0)) {
    await waitUntil('no process of the stack', READY_MS, async () => (await processesOf(dir)).length === 0);
    await rm(dir, { recursive: true });
  }
});

async function newPlace(): Promise<Place> {
  const place = { dir: await mkdtemp(path.join(tmpdir(), 'custody-start-')), ports: await freePorts() };
  places.push(place);
  return place;
}

/** Runs the entry of `npm start` with the services that start within a second. */
function start({ dir, ports }: Place, environment: Env = {}): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['tools/stack/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...shell,
      ...environment,
      CUSTODY_DIR: dir,
      CUSTODY_PORT_BASE: String(ports.api),
      CUSTODY_SERVICES: 'postgres,redis,clamd,issuer',
    },
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

async function ready(place: Place, environment: Env = {}): Promise<ChildProcess> {
  const { child, output } = start(place, environment);
  const line = `ready: http://localhost:${place.ports.api}`;
  await waitUntil('ready', READY_MS, () => Promise.resolve(output().includes(line)));
  return child;
}

/**
 * Every service process of the data directory, by its command line or, as Redis and PostgreSQL rewrite theirs, by where
 * it works: the kernel knows them even when nobody else does.
 */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const workingDirectory = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return `${line} ${workingDirectory}`;
    }),
  );
  return seen.filter((text) => text.includes(folder));
}

async function expectServicesRunning({ dir }: Place): Promise<void> {
  const seen = (await processesOf(dir)).join('\n');
  for (const service of ['postgres', 'redis', 'clamd']) expect(seen).toContain(service);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<unknown> {
  const exit = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exit) as [unknown];
  return code;
}

describe('npm start', () => {
  it('tells a second start where the first one runs, and leaves it alone', async () => {
    await ready(here);
    const second = start(here);
    await once(second.child, 'close');
    expect(second.output()).toContain(`already running at http://localhost:${here.ports.api}`);
    await expectServicesRunning(here);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no process and no lock after %s', async (signal) => {
    const child = await ready(here);
    await expectServicesRunning(here);
    expect(await end(child, signal)).toBe(0);
    expect(await processesOf(here.dir)).toEqual([]);
    expect(await readdir(here.dir)).not.toContain('lock');
    expect(await readdir(path.join(here.dir, 'run'))).toEqual([]);
  });

  it('leaves no process when it is stopped while it starts', async () => {
    const { child } = start(here);
    await waitUntil('a first process', READY_MS, async () => (await processesOf(here.dir)).length > 0);
    await end(child, 'SIGTERM');
    await waitUntil('no process left', READY_MS, async () => (await processesOf(here.dir)).length === 0);
  });

  it('starts again with the same credentials after kill -9', async () => {
    const child = await ready(here);
    const before = await readFile(path.join(here.dir, 'env'), 'utf8');
    await end(child, 'SIGKILL');
    await ready(here);
    expect(await readFile(path.join(here.dir, 'env'), 'utf8')).toBe(before);
  });

  it('starts its own services though the shell holds the addresses of the last run', async () => {
    const child = await ready(here);
    const lastRun = await readEnvFile(path.join(here.dir, 'env'));
    await end(child, 'SIGTERM');
    await ready(here, lastRun);
    await expectServicesRunning(here);
  });

  it('uses a database given by URL instead of starting one', async () => {
    await ready(here);
    const first = await readEnvFile(path.join(here.dir, 'env'));
    const given = Object.fromEntries(Object.entries(first).filter(([name]) => name.startsWith('DATABASE_')));
    const second = await newPlace();
    await ready(second, given);
    expect(await readdir(second.dir)).not.toContain('postgres');
    expect(await readEnvFile(path.join(second.dir, 'env'))).toMatchObject(given);
  });

  it('leaves the roles of a given cluster alone and says what it needs', async () => {
    await ready(here);
    const { DATABASE_URL = '', DATABASE_APP_URL = '' } = await readEnvFile(path.join(here.dir, 'env'));
    const { child, output } = start(await newPlace(), { DATABASE_URL });
    await once(child, 'close');
    expect(output()).toContain('give DATABASE_OWNER_URL, DATABASE_APP_URL and DATABASE_SYSTEM_URL');
    const app = new pg.Client(DATABASE_APP_URL);
    await app.connect();
    await app.end();
  });

  it('names the port that somebody else uses', async () => {
    await ready(here);
    const other = await newPlace();
    const { child, output } = start({ dir: other.dir, ports: here.ports });
    await once(child, 'close');
    expect(output()).toMatch(/port \d+ \(for postgres\) is in use/);
  });
});
