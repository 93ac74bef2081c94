import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { EICAR } from './eicar.js';
import { freePort } from './free-port.js';

/** A clamd of the test's own, which it may kill. Its only signature is EICAR's, until it learns others. */
export class ClamdProcess {
  readonly host = '127.0.0.1';
  #child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly directory: string,
  ) {}

  /** `CLAMD_BIN`, or Debian's place; `undefined` when there is none. */
  static get binary(): string | undefined {
    return [process.env['CLAMD_BIN'], '/usr/sbin/clamd'].find((path) => path !== undefined && existsSync(path));
  }

  /** @param options lines of clamd.conf(5) that replace the ones here. */
  static async start(options: Record<string, string> = {}): Promise<ClamdProcess> {
    const port = await freePort();
    const directory = await mkdtemp(join(tmpdir(), 'clamd-'));
    await mkdir(join(directory, 'db'));
    await mkdir(join(directory, 'tmp'));
    const hex = Buffer.from(EICAR, 'latin1').toString('hex');
    await writeFile(join(directory, 'db', 'eicar.ndb'), `Eicar-Test-Signature:0:*:${hex}\n`);
    const lines = {
      Foreground: 'yes',
      TCPSocket: String(port),
      TCPAddr: '127.0.0.1',
      DatabaseDirectory: join(directory, 'db'),
      TemporaryDirectory: join(directory, 'tmp'),
      MaxThreads: '4',
      MaxFileSize: '5M',
      MaxScanSize: '20M',
      StreamMaxLength: '20M',
      AlertExceedsMax: 'yes',
      AlertEncrypted: 'yes',
      ...options,
    };
    const conf = Object.entries(lines).map(([name, value]) => `${name} ${value}\n`);
    await writeFile(join(directory, 'clamd.conf'), conf.join(''));
    const clamd = new ClamdProcess(port, directory);
    await clamd.run();
    return clamd;
  }

  /** Starts it (again) and waits until it answers. */
  async run(): Promise<void> {
    const binary = ClamdProcess.binary;
    if (binary === undefined) throw new Error('no clamd here: install clamav-daemon or set CLAMD_BIN');
    this.#child = spawn(binary, ['--config-file', join(this.directory, 'clamd.conf')], { stdio: 'ignore' });
    await eventually('clamd answers', async () => (await this.ask('PING')) === 'PONG', 30_000);
  }

  ask(command: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let reply = '';
      const socket = connect(this.port, this.host, () => socket.write(`z${command}\0`));
      socket.setEncoding('latin1').on('data', (data: string) => (reply += data));
      socket.on('error', reject).on('close', () => resolve(reply.replace(/\0$/, '')));
    });
  }

  /** From now on `text` is malware of this name. Resolves once the new signatures are loaded. */
  async learn(name: string, text: string): Promise<void> {
    const hex = Buffer.from(text, 'latin1').toString('hex');
    await appendFile(join(this.directory, 'db', 'eicar.ndb'), `${name}:0:*:${hex}\n`);
    await this.ask('RELOAD');
    await eventually(`clamd finds ${name}`, async () => (await this.scan(Buffer.from(text))).includes(name), 30_000);
  }

  /** What clamd(8) answers to INSTREAM of these bytes. */
  scan(bytes: Uint8Array): Promise<string> {
    return new Promise((resolve, reject) => {
      let reply = '';
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      const stream = Buffer.concat([Buffer.from('zINSTREAM\0'), length, bytes, Buffer.alloc(4)]);
      const socket = connect(this.port, this.host, () => socket.write(stream));
      socket.setEncoding('latin1').on('data', (data: string) => (reply += data));
      socket.on('error', reject).on('close', () => resolve(reply));
    });
  }

  /** SIGKILL, at once. `run` brings it back on the same port. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** SIGSTOP: the kernel still accepts connections and bytes, nobody answers. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  async stop(): Promise<void> {
    await this.#end('SIGKILL');
    await rm(this.directory, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
