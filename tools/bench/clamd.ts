import { randomFillSync } from 'node:crypto';
import { createServer, connect, type Socket } from 'node:net';
import { once } from 'node:events';

const LENGTH_BYTES = 4;

/** One INSTREAM of these bytes: the answer, e.g. `stream: OK`. */
export async function instream(host: string, port: number, bytes: Buffer): Promise<string> {
  const socket = connect({ host, port, noDelay: true });
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  socket.write('zINSTREAM\0');
  socket.write(length);
  socket.write(bytes);
  socket.write(Buffer.alloc(LENGTH_BYTES));
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  await once(socket, 'close');
  return answer.replace('\0', '');
}

export interface SlowScanner {
  readonly port: number;
  close(): void;
}

/** Stands for a clamd with processors to spare: takes the bytes, waits, and finds nothing. */
export async function slowScanner(delayMs: number): Promise<SlowScanner> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    let received: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const answer = answerTo(received);
      if (answer === undefined) return;
      received = Buffer.alloc(0);
      setTimeout(() => socket.end(`${answer}\0`), answer === 'stream: OK' ? delayMs : 0);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port, close };
}

/** Undefined until the command is whole. */
function answerTo(received: Buffer): string | undefined {
  const end = received.indexOf(0);
  const command = received.toString('latin1', 1, Math.max(end, 1));
  if (end < 0) return undefined;
  if (command === 'PING') return 'PONG';
  if (command === 'VERSION') return `ClamAV 1.4.6/1/${new Date().toUTCString()}`;
  if (command === 'STATS')
    return 'POOLS: 1\n\nSTATE: VALID PRIMARY\nTHREADS: live 1  idle 0 max 64 idle-timeout 30\nQUEUE: 0 items\nEND';
  return received.subarray(-LENGTH_BYTES).every((byte) => byte === 0) ? 'stream: OK' : undefined;
}

/** Makes other bytes of `body`, of the same length: clamd knows what it found clean before, and would not look again. */
export function renew(body: Buffer): Buffer {
  randomFillSync(body, STAMP_AT, STAMP_BYTES);
  return body;
}

/** Behind the magic number of a PDF. */
const [STAMP_AT, STAMP_BYTES] = [16, 64];
