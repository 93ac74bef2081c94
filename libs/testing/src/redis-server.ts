import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from './free-port.js';

/** A Redis of one's own that a test may stop, freeze and kill. Nothing is kept on disk. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  start(): Promise<void>;
  /** Forgets everything, as a failover to an empty replica would. */
  flush(): Promise<void>;
  /** Ends the process at once, as a crash would. */
  kill(): Promise<void>;
  /** Accepts connections but answers nothing, until `thaw`. */
  freeze(): void;
  thaw(): void;
}

export async function startRedisServer(): Promise<RedisServer> {
  const port = await freePort();
  let child: ChildProcess | undefined;
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    port,
    async start() {
      child = spawn(
        'redis-server',
        ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--daemonize', 'no'],
        { stdio: 'ignore' },
      );
      const failed = once(child, 'error').then(([error]) => Promise.reject(error as Error));
      await Promise.race([answers(port), failed]);
    },
    async flush() {
      if ((await ask(port, 'FLUSHALL')) !== '+OK') throw new Error('redis-server was not flushed');
    },
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  };
  await server.start();
  return server;
}

async function answers(port: number): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    if (await pong(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`redis-server does not answer on port ${port}`);
}

const pong = async (port: number): Promise<boolean> => (await ask(port, 'PING')) === '+PONG';

/** First line of the answer to an inline command; empty when nobody listens. */
const ask = (port: number, command: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().split('\r\n')[0] ?? '');
    });
    socket.once('error', () => resolve(''));
  });
