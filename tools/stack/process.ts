import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { PROGRAM_PATH } from './debian.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Runs as this unprivileged user though we are root (PostgreSQL insists). */
  readonly asUser?: string;
  /** Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  readonly readyWithinMs: number;
  ready(): Promise<boolean>;
}

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  isRunning(): boolean;
  /** Asks politely, then kills; resolves once the process is gone. */
  stop(): Promise<void>;
}

const STOP_WITHIN_MS = 15_000;
const SETPRIV = '/usr/bin/setpriv';

/** What a pidfile holds. */
interface PidRecord extends ProcessIdentity {
  readonly stopSignal: NodeJS.Signals;
}

/** Last resort when this process exits without stopping its services first. */
const alive = new Set<ChildProcess>();
process.on('exit', () => alive.forEach((child) => child.kill()));

/**
 * Starts a program with its output in `<dir>/log/<name>.log` and resolves once it is ready.
 * @throws Error with the end of its log when it ends early or is not ready in time
 */
export async function startProcess(dir: string, spec: ProcessSpec): Promise<RunningProcess> {
  const logFile = path.join(dir, 'log', `${spec.name}.log`);
  const pidFile = path.join(dir, 'run', `${spec.name}.pid`);
  await mkdir(path.dirname(logFile), { recursive: true });
  await mkdir(path.dirname(pidFile), { recursive: true });
  const log = await open(logFile, 'a');
  const [command, args] = wrapped(spec);
  const child = spawn(command, args, {
    // Its own session: Ctrl-C reaches only us, and we stop the services in order.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    cwd: spec.cwd,
    // Only what is named: an address in our own environment is not meant for a service.
    env: { HOME: homedir(), LANG: 'C.UTF-8', ...spec.env, PATH: PROGRAM_PATH },
  });
  await log.close();
  const ended = endOf(child);
  alive.add(child);
  if (child.pid === undefined) throw new Error(`${spec.name} did not start: ${(await ended).text}`);
  const { stopSignal = 'SIGTERM' } = spec;
  const identity = identify(child.pid);
  if (identity) await writeFile(pidFile, JSON.stringify({ ...identity, stopSignal } satisfies PidRecord));

  let end: { readonly text: string } | undefined;
  void ended.then((value) => {
    end = value;
    alive.delete(child);
  });
  const running: RunningProcess = {
    name: spec.name,
    pid: child.pid,
    isRunning: () => end === undefined,
    stop: async () => {
      if (identity && end === undefined) await terminate(identity, stopSignal);
      await ended;
      await rm(pidFile, { force: true });
    },
  };
  const onEarlyEnd = () => {
    if (end) throw new Error(`${spec.name} ended before it was ready (${end.text})`);
  };
  try {
    await waitUntil(`${spec.name} being ready`, spec.readyWithinMs, () => spec.ready(), onEarlyEnd);
  } catch (error) {
    await running.stop();
    const reason = (error as Error).message;
    throw new Error(`${reason}; the end of ${logFile}:\n${await tail(logFile)}`, { cause: error });
  }
  return running;
}

/** Ends every process the pidfiles of `dir` name: what a kill -9 left behind, or a start-up cut short. */
export async function endRecordedProcesses(dir: string): Promise<void> {
  const folder = path.join(dir, 'run');
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.pid'));
  await Promise.all(
    files.map(async (file) => {
      const pidFile = path.join(folder, file);
      const record = readRecord(await readFile(pidFile, 'utf8'));
      if (record && isRunning(record)) await terminate(record, record.stopSignal);
      await rm(pidFile, { force: true });
    }),
  );
}

/** setpriv makes the kernel end the child when we die without a word (kill -9). */
function wrapped(spec: ProcessSpec): [string, readonly string[]] {
  const signal = (spec.stopSignal ?? 'SIGTERM').slice(3);
  if (!existsSync(SETPRIV)) return [spec.command, spec.args];
  const asUser = spec.asUser ? asUserFlags(spec.asUser) : [];
  return [SETPRIV, [...asUser, '--pdeathsig', signal, '--', spec.command, ...spec.args]];
}

/**
 * setpriv's flags for running as `user` though we are root.
 * dac_override: the clone may lie in a folder only root may enter (/root).
 */
export function asUserFlags(user: string): readonly string[] {
  const caps = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
  return [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...caps];
}

function endOf(child: ChildProcess): Promise<{ readonly text: string }> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ text: error.message }));
    child.once('exit', (code, signal) => resolve({ text: signal ?? `exit code ${code}` }));
  });
}

async function terminate(target: ProcessIdentity, signal: NodeJS.Signals): Promise<void> {
  send(target, signal);
  const gone = () => Promise.resolve(!isRunning(target));
  try {
    await waitUntil(`end of process ${target.pid}`, STOP_WITHIN_MS, gone);
  } catch {
    // The deadline passed: no more asking.
    send(target, 'SIGKILL');
    await waitUntil(`end of process ${target.pid} after SIGKILL`, STOP_WITHIN_MS, gone);
  }
}

function send(target: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    process.kill(target.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(text: string): PidRecord | undefined {
  try {
    return JSON.parse(text) as PidRecord;
  } catch {
    // Cut off while it was written: nothing in it can be trusted.
    return undefined;
  }
}

async function tail(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').slice(-15).join('\n');
}
