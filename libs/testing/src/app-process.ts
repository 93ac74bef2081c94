import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.js';

const ROOT = join(import.meta.dirname, '../../..');

/** A built app as a process of its own, which a test may kill. */
export class AppProcess {
  /** Standard output and error so far. */
  output = '';
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.exited = once(child, 'exit');
  }

  /** Starts `apps/<name>/dist/main.js` with exactly this environment and a free port. Does not wait for it. */
  static async spawn(
    name: string,
    env: Readonly<Record<string, string>>,
    nodeOptions: string[] = [],
  ): Promise<AppProcess> {
    const entry = join(ROOT, 'apps', name, 'dist/main.js');
    if (!existsSync(entry)) throw new Error(`${entry} is not there: build first (npm test does)`);
    const port = await freePort();
    const child = spawn(process.execPath, ['--enable-source-maps', ...nodeOptions, entry], {
      env: { PATH: process.env['PATH'] ?? '', HOST: '127.0.0.1', PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(child, `http://127.0.0.1:${port}`);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves once `/health/ready` says 200. */
  async ready(): Promise<this> {
    await eventually(
      `the app is ready:\n${this.output}`,
      async () => {
        if (!this.running) throw new Error(`it ended:\n${this.output}`);
        return (await fetch(`${this.url}/health/ready`)).status === 200;
      },
      30_000,
    );
    return this;
  }

  /** Resolves with the exit code, or the signal that ended it. */
  async ended(timeoutMs = 30_000): Promise<number | string> {
    await eventually(`the app ends:\n${this.output}`, () => !this.running, timeoutMs);
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
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
