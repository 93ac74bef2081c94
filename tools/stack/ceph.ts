import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { cephConfig, type CephOptions, cephPaths } from './ceph-config.ts';
import { startProcess, type RunningProcess } from './process.ts';
import { runCommand } from './run-command.ts';
import type { KeyPair, Secrets } from './secrets.ts';
import { processService, type Service } from './service.ts';

const COMMAND_MS = 60_000;
const READY_MS = 60_000;

export interface CephServiceOptions extends CephOptions {
  readonly users: Secrets['s3'];
}

/** Ceph's S3 gateway over a cluster of one, data in `<dir>/ceph`; started again it keeps its objects. */
export function cephService(options: CephServiceOptions): Service {
  const at = cephPaths(options.dir);
  return processService('s3', async (keep) => {
    const isNew = !existsSync(at.complete);
    if (isNew) await rm(at.root, { recursive: true, force: true });
    await mkdir(at.root, { recursive: true, mode: 0o700 });
    await writeFile(at.config, cephConfig(options));
    if (isNew) await makeMonitor(options);
    else await moveMonitor(options);
    keep(await startDaemon(options, 'mon', ['ceph-mon', '--id', 'a'], () => monitorAnswers(options)));
    if (isNew) await makeDaemons(options);
    const [osd, mgr] = await Promise.all([
      startDaemon(options, 'osd', ['ceph-osd', '--id', '0'], () => diskIsUp(options)),
      startDaemon(options, 'mgr', ['ceph-mgr', '--id', 'a'], () => Promise.resolve(true)),
    ]);
    keep(mgr);
    keep(osd);
    const gateway = startDaemon(options, 'rgw', ['radosgw', '--name', 'client.rgw'], () =>
      gatewayAnswers(options.s3Port),
    );
    keep(await gateway);
    if (isNew) {
      await makeUsers(options);
    }
    await writeFile(at.complete, String(options.firstPort));
  });
}

function startDaemon(
  { dir }: CephOptions,
  name: string,
  [command, ...args]: [string, ...string[]],
  ready: () => Promise<boolean>,
): Promise<RunningProcess> {
  return startProcess(dir, {
    name: `ceph-${name}`,
    command,
    args: [...args, '-c', cephPaths(dir).config, '-f'],
    readyWithinMs: READY_MS,
    ready,
  });
}

function ceph({ dir }: CephOptions, ...args: string[]): Promise<string> {
  return runCommand('ceph', ['-c', cephPaths(dir).config, '--connect-timeout', '20', ...args], COMMAND_MS);
}

async function makeMonitor(options: CephOptions): Promise<void> {
  const at = cephPaths(options.dir);
  const monitorKeyring = path.join(at.root, 'mon.keyring');
  const tool = (...args: string[]) => runCommand('ceph-authtool', args, COMMAND_MS);
  await tool('-C', monitorKeyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const all = ['mon', 'osd', 'mgr'].flatMap((daemon) => ['--cap', daemon, 'allow *']);
  await tool('-C', at.keyring, '--gen-key', '-n', 'client.admin', ...all);
  await tool(monitorKeyring, '--import-keyring', at.keyring);
  await mkdir(at.monData, { recursive: true });
  const source = ['--monmap', await makeMonmap(options), '--keyring', monitorKeyring];
  await runCommand('ceph-mon', ['--mkfs', '-i', 'a', '-c', at.config, ...source], COMMAND_MS);
}

/** The monitor keeps its own address in its data; other ports than last time mean a new map. */
async function moveMonitor(options: CephOptions): Promise<void> {
  const at = cephPaths(options.dir);
  if ((await readFile(at.complete, 'utf8')) === String(options.firstPort)) return;
  const map = await makeMonmap(options);
  await runCommand('ceph-mon', ['-i', 'a', '-c', at.config, '--inject-monmap', map], COMMAND_MS);
}

async function makeMonmap({ dir, firstPort, fsid }: CephOptions): Promise<string> {
  const map = path.join(cephPaths(dir).root, 'monmap');
  const address = `[v2:127.0.0.1:${firstPort}]`;
  await runCommand('monmaptool', ['--create', '--clobber', '--fsid', fsid, '--addv', 'a', address, map], COMMAND_MS);
  return map;
}

/** Registers disk, manager and gateway with the monitor and makes the disk. */
async function makeDaemons(options: CephOptions): Promise<void> {
  const at = cephPaths(options.dir);
  await Promise.all([at.osdData, at.mgrData, at.rgwData].map((dir) => mkdir(dir, { recursive: true })));
  const grant = (entity: string, keyring: string, ...caps: string[]) =>
    ceph(options, 'auth', 'get-or-create', entity, ...caps, '-o', keyring);
  const disk = async () => {
    const uuid = randomUUID();
    await ceph(options, 'osd', 'new', uuid);
    await grant(
      'osd.0',
      `${at.osdData}/keyring`,
      'mon',
      'allow profile osd',
      'mgr',
      'allow profile osd',
      'osd',
      'allow *',
    );
    await runCommand('ceph-osd', ['--mkfs', '-i', '0', '--osd-uuid', uuid, '-c', at.config], COMMAND_MS);
  };
  await Promise.all([
    disk(),
    grant('mgr.a', `${at.mgrData}/keyring`, 'mon', 'allow profile mgr', 'osd', 'allow *'),
    grant('client.rgw', `${at.rgwData}/keyring`, 'mon', 'allow rw', 'osd', 'allow rwx', 'mgr', 'allow rw'),
  ]);
}

async function makeUsers({ dir, users }: CephServiceOptions): Promise<void> {
  for (const [name, keys] of Object.entries(users)) await makeUser(dir, name, keys);
}

function makeUser(dir: string, name: string, keys: KeyPair): Promise<string> {
  const identity = ['--uid', `custody-${name}`, '--display-name', `Custody ${name}`];
  const secret = [`--access-key=${keys.accessKeyId}`, `--secret-key=${keys.secretAccessKey}`];
  // Only the owner makes buckets.
  const limit = name === 'owner' ? [] : ['--max-buckets=-1'];
  const args = ['-c', cephPaths(dir).config, 'user', 'create', ...identity, ...secret, ...limit];
  return runCommand('radosgw-admin', args, COMMAND_MS);
}

async function monitorAnswers(options: CephOptions): Promise<boolean> {
  await runCommand('ceph', ['-c', cephPaths(options.dir).config, '--connect-timeout', '3', 'quorum_status'], 5_000);
  return true;
}

async function diskIsUp(options: CephOptions): Promise<boolean> {
  const status = JSON.parse(await ceph(options, 'osd', 'stat', '-f', 'json')) as { num_up_osds: number };
  return status.num_up_osds === 1;
}

async function gatewayAnswers(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) });
  return answer.status === 200;
}
