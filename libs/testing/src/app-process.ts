import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

const ROOT = join(import.meta.dirname, '../../..');

/** Hundreds of processes of the same four programs are started in a run: only the first of each compiles it. */
const NODE_COMPILE_CACHE = join(ROOT, 'node_modules/.cache/compiled');

/** The apps that run as processes. */
export const APPS = ['files-api', 'scan-worker', 'staging-reaper', 'notifier'] as const;
export type AppName = (typeof APPS)[number];

export interface AppProcessOptions {
  /** First part of the log file's name. */
  readonly label?: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

/** They end with us, however we end. */
const living = new Set<ChildProcess>();
const endAll = () => living.forEach((child) => child.kill('SIGKILL'));

/** A built app as a process of its own, as an image would run it, which a test may kill. */
export class AppProcess {
  /** Standard output and error so far. */
  output = '';
  private readonly exited: Promise<unknown>;

  private constructor(
    readonly name: AppName,
    readonly url: string,
    private readonly child: ChildProcess,
    label: string,
  ) {
    this.exited = once(child, 'exit');
    if (living.size === 0) process.once('exit', endAll);
    living.add(child);
    // The runner searches the logs in this folder for secrets (S35).
    const folder = process.env['TEST_LOG_DIR'];
    const log = folder && createWriteStream(join(folder, `${label}-${name}-${this.pid}.log`));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.output += text.toString();
        if (log) log.write(text);
      });
    }
    child.once('close', () => {
      living.delete(child);
      if (living.size === 0) process.off('exit', endAll);
      if (log) log.end();
    });
  }

  /**
   * Starts `apps/<name>/dist/main.js` with exactly this environment, on a free port unless it names `PORT`. Does not wait
   * for it: `ready` does.
   */
  static async spawn(
    name: AppName,
    env: Readonly<Record<string, string>>,
    { label = 'test', nodeOptions = [] }: AppProcessOptions = {},
  ): Promise<AppProcess> {
    const entry = join(ROOT, 'apps', name, 'dist/main.js');
    if (!existsSync(entry)) throw new Error(`${entry} is not there: build first (npm test does)`);
    const port = env['PORT'] ?? String(await freePort());
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeOptions, entry], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', NODE_COMPILE_CACHE, ...env, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(name, `http://127.0.0.1:${port}`, child, label);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves once `/health/ready` says 200; rejects at once when the process ends before. */
  async ready(): Promise<this> {
    const state = await eventually(
      `${this.name} is ready`,
      async () => {
        if (!this.running) return 'ended';
        const { status } = await fetch(`${this.url}/health/ready`);
        if (status !== 200) throw new Error(`it answers ${status}:\n${this.lastLines()}`);
        return 'ready';
      },
      60_000,
    );
    if (state === 'ended') throw new Error(`${this.name} ended:\n${this.lastLines()}`);
    return this;
  }

  /** Of the output; why a process ended stands there. */
  private lastLines(): string {
    return this.output.trimEnd().split('\n').slice(-10).join('\n');
  }

  /** Resolves with the exit code, or the signal that ended it. */
  async ended(timeoutMs = 30_000): Promise<number | string> {
    await eventually(`${this.name} ends`, () => !this.running, timeoutMs);
    return this.child.exitCode ?? this.child.signalCode ?? 'unknown';
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** SIGKILL, and waits for the end; harmless afterwards. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.child.kill('SIGKILL');
    await this.exited;
  }

  /** Resident memory in bytes (Linux /proc, field VmRSS in kB). */
  rss(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }
}
