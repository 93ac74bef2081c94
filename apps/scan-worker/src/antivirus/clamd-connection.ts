import { connect, type Socket } from 'node:net';
import { ScannerUnavailable } from './virus-scanner.js';

/** Where clamd listens and how long each phase may take, in milliseconds. */
export interface ClamdAddress {
  host: string;
  port: number;
  /** From SYN to ACK, and for the whole of a PING, VERSION or STATS. */
  connectTimeoutMs: number;
}

const MAX_COMMAND_REPLY_BYTES = 64 * 1024;

/**
 * Opens a TCP connection.
 * @throws ScannerUnavailable on refusal or after the deadline, the signal's reason when aborted.
 */
export function connectToClamd(address: ClamdAddress, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    const settle = (error?: Error): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', aborted);
      socket.removeListener('error', failed);
      socket.removeListener('connect', settle);
      if (error === undefined) return resolve(socket);
      socket.destroy();
      reject(error);
    };
    const aborted = (): void => settle(signal.reason as Error);
    const failed = (cause: Error): void => settle(unavailable(address, cause.message, cause));
    const late = (): void => settle(unavailable(address, `no connection within ${address.connectTimeoutMs} ms`));
    const deadline = setTimeout(late, address.connectTimeoutMs);
    signal.addEventListener('abort', aborted, { once: true });
    socket.once('error', failed).once('connect', () => settle());
  });
}

/**
 * Sends one command in its `z` form and returns the answer without the terminator.
 * @throws ScannerUnavailable when no whole answer comes within the deadline, the signal's reason when aborted.
 */
export async function askClamd(address: ClamdAddress, command: string, signal: AbortSignal): Promise<string> {
  const deadline = AbortSignal.timeout(address.connectTimeoutMs);
  const socket = await connectToClamd(address, signal);
  try {
    socket.write(`z${command}\0`);
    return await readReply(socket, AbortSignal.any([signal, deadline]));
  } catch (cause) {
    signal.throwIfAborted();
    throw unavailable(address, `${command} was not answered`, cause);
  } finally {
    socket.destroy();
  }
}

async function readReply(socket: Socket, signal: AbortSignal): Promise<string> {
  const aborted = (): void => void socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', aborted, { once: true });
  try {
    let reply = '';
    for await (const chunk of socket.setEncoding('latin1')) {
      reply += chunk as string;
      if (reply.endsWith('\0')) return reply.slice(0, -1);
      if (reply.length > MAX_COMMAND_REPLY_BYTES) break;
    }
    throw new Error('the answer was cut short or too long');
  } finally {
    signal.removeEventListener('abort', aborted);
  }
}

function unavailable(address: ClamdAddress, what: string, cause?: unknown): ScannerUnavailable {
  return new ScannerUnavailable(`clamd at ${address.host}:${address.port}: ${what}`, { cause });
}
