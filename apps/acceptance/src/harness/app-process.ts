import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@custody/testing';

export const APPS = ['files-api', 'scan-worker', 'staging-reaper', 'notifier'] as const;
export type AppName = (typeof APPS)[number];

const ROOT = join(import.meta.dirname, '../../../..');
const LOGS = process.env['TEST_LOG_DIR'] ?? join(tmpdir(), 'custody-acceptance');

/** A built app as a process of its own, as an image would run it. */
export class AppProcess {
  private constructor(
    readonly name: AppName,
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts `dist/main.js` on a free port and waits until it is ready. */
  static async start(name: AppName, env: Record<string, string>, label: string): Promise<AppProcess> {
    const app = await AppProcess.launch(name, env, label);
    await eventually(
      `${name} is ready`,
      async () => {
        if (app.ended) throw new Error(`${name} ended with ${String(app.child.exitCode ?? app.child.signalCode)}`);
        return (await fetch(`${app.url}/health/ready`)).status === 200;
      },
      60_000,
    );
    return app;
  }

  /** The same without waiting: for processes that are expected to end. */
  static async launch(name: AppName, env: Record<string, string>, label: string): Promise<AppProcess> {
    const port = Number(env['PORT'] ?? (await freePort()));
    mkdirSync(LOGS, { recursive: true });
    const log = createWriteStream(join(LOGS, `${label}-${name}.log`), { flags: 'a' });
    const child = spawn(process.execPath, ['--enable-source-maps', join(ROOT, 'apps', name, 'dist/main.js')], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', ...env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const endWithUs = () => child.kill('SIGKILL');
    process.once('exit', endWithUs);
    child.once('close', () => {
      process.off('exit', endWithUs);
      log.end();
    });
    return new AppProcess(name, `http://127.0.0.1:${port}`, child);
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves to the exit code, or the signal's name. */
  async exit(): Promise<number | string> {
    if (!this.ended) await once(this.child, 'exit');
    return this.child.exitCode ?? (this.child.signalCode as string);
  }

  async kill(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | string> {
    if (!this.ended) this.child.kill(signal);
    return this.exit();
  }

  /** Resident memory in bytes (Linux /proc, field VmRSS in kB). */
  rss(): number {
    const status = readFileSync(`/proc/${String(this.child.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
