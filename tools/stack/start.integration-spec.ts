import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePorts, type Ports } from './ports.ts';
import { waitUntil } from './wait-until.ts';

const root = process.cwd();
const READY_MS = 60_000;

let dir: string;
let ports: Ports;
const started: ChildProcess[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'custody-start-'));
  ports = await freePorts();
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await waitUntil('no process of the stack', READY_MS, async () => (await processesOf(dir)).length === 0);
  await rm(dir, { recursive: true });
});

/** Runs the entry of `npm start` with the services that start within a second. */
function start(): { child: ChildProcess; output: () => string } {
  const child = spawn(process.execPath, ['tools/stack/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      CUSTODY_DIR: dir,
      CUSTODY_PORT_BASE: String(ports.api),
      CUSTODY_SERVICES: 'postgres,redis,clamd,issuer',
    },
  });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

async function ready(): Promise<ChildProcess> {
  const { child, output } = start();
  await waitUntil('ready', READY_MS, async () => output().includes(`ready: http://localhost:${ports.api}`));
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

async function expectServicesRunning(): Promise<void> {
  const seen = (await processesOf(dir)).join('\n');
  for (const service of ['postgres', 'redis', 'clamd']) expect(seen).toContain(service);
}

describe('npm start', () => {
  it('tells a second start where the first one runs, and leaves it alone', async () => {
    await ready();
    const second = start();
    await once(second.child, 'close');
    expect(second.output()).toContain(`already running at http://localhost:${ports.api}`);
    await expectServicesRunning();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no process and no lock after %s', async (signal) => {
    const child = await ready();
    await expectServicesRunning();
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(await processesOf(dir)).toEqual([]);
    expect(await readdir(dir)).not.toContain('lock');
    expect(await readdir(path.join(dir, 'run'))).toEqual([]);
  });

  it('leaves no process when it is stopped while it starts', async () => {
    const { child } = start();
    await waitUntil('a first process', READY_MS, async () => (await processesOf(dir)).length > 0);
    child.kill('SIGTERM');
    await once(child, 'exit');
    await waitUntil('no process left', READY_MS, async () => (await processesOf(dir)).length === 0);
  });

  it('starts again with the same credentials after kill -9', async () => {
    const child = await ready();
    const before = await readFile(path.join(dir, 'env'), 'utf8');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await ready();
    expect(await readFile(path.join(dir, 'env'), 'utf8')).toBe(before);
  });

  it('names the port that somebody else uses', async () => {
    await ready();
    const other = await mkdtemp(path.join(tmpdir(), 'custody-start-'));
    const first = dir;
    dir = other;
    const { child, output } = start();
    await once(child, 'close');
    dir = first;
    await rm(other, { recursive: true });
    expect(output()).toMatch(/port \d+ \(for postgres\) is in use/);
  });
});
