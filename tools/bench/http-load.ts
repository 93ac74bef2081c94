import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { percentile } from './statistics.ts';

/** One request as it goes over the wire, or null when there are no more. */
export type NextRequest = () => Buffer | null;

export interface LoadOptions {
  readonly port: number;
  readonly connections: number;
  readonly next: NextRequest;
  /** No new requests after this time; default: until there are no more. */
  readonly forMs?: number;
}

export interface Load {
  /** Requests a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly [name: string]: number;
}

/**
 * HTTP/1.1 over plain sockets, one request at a time on each: as little work as possible, since service and generator share the
 * machine, and the same for the service and for its ceiling.
 * @throws Error with the first answer that is not 2xx
 */
export async function load({ port, connections, next, forMs = Number.POSITIVE_INFINITY }: LoadOptions): Promise<Load> {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const times: number[] = [];
  const begin = performance.now();
  const oneAfterTheOther = async (socket: Socket) => {
    while (performance.now() - begin < forMs) {
      const request = next();
      if (request === null) return;
      const sent = performance.now();
      await exchange(socket, request);
      times.push(performance.now() - sent);
    }
  };
  try {
    await Promise.all(sockets.map(oneAfterTheOther));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const seconds = (performance.now() - begin) / 1000;
  const at = (share: number) => percentile(times, share);
  return { rate: times.length / seconds, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** @param body sent as JSON */
export function wire(method: string, path: string, token: string, body?: object): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const sent =
    body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(text)}`];
  const head = [`${method} ${path} HTTP/1.1`, 'host: 127.0.0.1', `authorization: Bearer ${token}`, ...sent];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

const HEAD_END = Buffer.from('\r\n\r\n');

function exchange(socket: Socket, request: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer: Buffer = Buffer.alloc(0);
    const end = (error?: Error) => {
      socket.off('data', take).off('error', end).off('close', closed);
      if (error) reject(error);
      else resolve();
    };
    const closed = () => end(new Error('the connection was closed before the answer was whole'));
    const take = (chunk: Buffer) => {
      answer = answer.length === 0 ? chunk : Buffer.concat([answer, chunk]);
      const headLength = answer.indexOf(HEAD_END);
      if (headLength < 0) return;
      const head = answer.toString('latin1', 0, headLength);
      const length = /^content-length: (\d+)$/im.exec(head)?.[1];
      if (length === undefined) return end(new Error(`an answer without a length:\n${head}`));
      const whole = headLength + HEAD_END.length + Number(length);
      if (answer.length < whole) return;
      const isGood = head.startsWith('HTTP/1.1 2');
      end(isGood ? undefined : new Error(`not 2xx: ${answer.toString('utf8', 0, 600)}`));
    };
    socket.on('data', take).on('error', end).on('close', closed);
    socket.write(request);
  });
}
