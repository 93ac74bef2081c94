import { mkdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { startProcess } from './process.ts';
import { processService, type Service } from './service.ts';

export interface RedisOptions {
  readonly dir: string;
  readonly port: number;
  readonly password: string;
}

/** Redis as BullMQ wants it: durable, and never evicting a key. */
export function redisService({ dir, port, password }: RedisOptions): Service {
  return processService('redis', async (keep) => {
    const data = path.join(dir, 'redis');
    const config = path.join(data, 'redis.conf');
    await mkdir(data, { recursive: true });
    const lines = [
      'bind 127.0.0.1',
      `port ${port}`,
      `dir ${JSON.stringify(data)}`,
      `requirepass ${password}`,
      'appendonly yes',
      'appendfsync everysec',
      'save ""',
      'maxmemory-policy noeviction',
      'daemonize no',
    ];
    await writeFile(config, `${lines.join('\n')}\n`, { mode: 0o600 });
    keep(
      await startProcess(dir, {
        name: 'redis',
        command: 'redis-server',
        args: [config],
        readyWithinMs: 20_000,
        ready: () => answersPing(port, password),
      }),
    );
  });
}

/** While it loads its file Redis answers `-LOADING`; only `+PONG` is ready. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let answer = '';
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer to PING')));
    socket.once('error', reject);
    socket.once('connect', () => socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`));
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
    socket.once('close', () => resolve(answer.includes('+PONG')));
  });
}
