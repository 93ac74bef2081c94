import { spawn } from 'node:child_process';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import path from 'node:path';

/** Each program the stack or its tests run, and the Debian package that brings it. */
const PROGRAMS = {
  redis: { 'redis-server': 'redis-server' },
  s3: {
    'ceph-mon': 'ceph-mon',
    'ceph-mgr': 'ceph-mgr',
    'ceph-osd': 'ceph-osd',
    radosgw: 'radosgw',
    'radosgw-admin': 'radosgw',
    ceph: 'ceph-common',
    'ceph-authtool': 'ceph-common',
    monmaptool: 'ceph-common',
  },
  browser: { chromium: 'chromium' },
  clamd: { clamd: 'clamav-daemon', freshclam: 'clamav-freshclam' },
} satisfies Record<string, Record<string, string>>;

/** A service of the stack, or what tests need beside it. */
export type PackagedService = keyof typeof PROGRAMS;

const POLICY_FILE = '/usr/sbin/policy-rc.d';
const POLICY_MARK = '# written by the custody local stack; safe to delete';

/** Where sbin programs live though a plain user's PATH does not name it. */
export const PROGRAM_PATH = [
  ...(process.env['PATH'] ?? '').split(path.delimiter),
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
].join(path.delimiter);

export type InstallPlan =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'install'; readonly packages: readonly string[] }
  | { readonly kind: 'ask'; readonly message: string };

export interface Machine {
  readonly isRoot: boolean;
  /** `ID` and `ID_LIKE` of /etc/os-release; empty elsewhere. */
  readonly distribution: readonly string[];
  readonly hasProgram: (name: string) => Promise<boolean>;
}

/** Says what has to be installed for these services, without installing it. */
export async function planInstall(services: readonly PackagedService[], machine: Machine): Promise<InstallPlan> {
  const missing = new Set<string>();
  for (const service of services) {
    for (const [program, pkg] of Object.entries(PROGRAMS[service])) {
      if (!(await machine.hasProgram(program))) missing.add(pkg);
    }
  }
  if (missing.size === 0) return { kind: 'nothing' };
  const packages = [...missing].sort();
  const isDebian = machine.distribution.some((id) => id === 'debian' || id === 'ubuntu');
  if (isDebian && machine.isRoot) return { kind: 'install', packages };
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const message = isDebian
    ? `These packages are missing. As root, run:\n  ${command}\nor start the whole stack with:\n  docker compose up`
    : `The local stack needs a Debian or Ubuntu machine (${packages.join(', ')}). Elsewhere use:\n  docker compose up`;
  return { kind: 'ask', message };
}

/** The machine this process runs on. */
export async function thisMachine(): Promise<Machine> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const ids = [...release.matchAll(/^(?:ID|ID_LIKE)="?([^"\n]*)"?$/gm)].flatMap((match) => (match[1] ?? '').split(' '));
  return { isRoot: process.getuid?.() === 0, distribution: ids, hasProgram };
}

async function hasProgram(name: string): Promise<boolean> {
  for (const folder of PROGRAM_PATH.split(path.delimiter)) {
    if (!folder) continue;
    const found = await access(path.join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return true;
  }
  return false;
}

/**
 * Installs packages with apt-get; the daemons they bring are not started.
 * @param onLine called with each line apt prints
 * @param logFile everything apt prints, kept
 * @throws Error naming the log when apt fails
 */
export async function aptInstall(
  packages: readonly string[],
  logFile: string,
  onLine: (line: string) => void,
): Promise<void> {
  const release = await holdBackDaemons();
  try {
    await apt(['update'], logFile, onLine);
    await apt(['install', '-y', '--no-install-recommends', ...packages], logFile, onLine);
  } finally {
    await release();
  }
}

/** invoke-rc.d asks policy-rc.d before it starts anything; 101 means "not allowed". */
async function holdBackDaemons(): Promise<() => Promise<void>> {
  const present = await readFile(POLICY_FILE, 'utf8').catch(() => null);
  // Somebody else's policy stays; RUNLEVEL=1 below holds daemons back as well.
  if (present !== null && !present.includes(POLICY_MARK)) return async () => {};
  await writeFile(POLICY_FILE, `#!/bin/sh\n${POLICY_MARK}\nexit 101\n`, { mode: 0o755 });
  return () => rm(POLICY_FILE, { force: true });
}

function apt(args: readonly string[], logFile: string, onLine: (line: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn('apt-get', args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', LC_ALL: 'C.UTF-8' },
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`);
        onLine(line);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      log.end();
      if (code === 0) resolve();
      else reject(new Error(`apt-get ${args[0]} failed (${code}); see ${logFile}`));
    });
  });
}
