import type { ClientRequest, IncomingMessage } from 'node:http';
import { CustodyError } from '../errors.js';
import { retryAfterOf } from '../http/problem.js';
import { builtin } from '../node/builtin.js';
import { STALLED_MS } from './put.js';
import type { PutAnswer, PutRequest } from './put.js';

/** Reads as fast as the connection takes the bytes, a chunk at a time. */
export async function putByNode(put: PutRequest): Promise<PutAnswer> {
  const { url, headers, size, signal } = put;
  signal.throwIfAborted();
  const { request: ask } = new URL(url).protocol === 'https:' ? builtin('https') : builtin('http');
  const request = ask(url, {
    method: 'PUT',
    headers: { ...headers, 'content-length': String(size) },
    signal,
    timeout: STALLED_MS,
  });
  request.on('timeout', () => request.destroy(new Error('the connection stalled')));
  try {
    const answer = answered(request);
    // The store may refuse before it has read everything: its answer counts, not the broken pipe.
    const [response] = await Promise.all([answer, Promise.race([pour(request, put), answer])]);
    return response;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof CustodyError) throw cause;
    throw new CustodyError('NETWORK_ERROR', 'the PUT failed', { cause });
  } finally {
    if (!request.writableEnded) request.destroy();
  }
}

function answered(request: ClientRequest): Promise<PutAnswer> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('close', () => reject(new Error('the connection was closed')));
    request.once('response', (response: IncomingMessage) => {
      response.resume();
      response.once('error', reject);
      response.once('end', () => {
        const headers = new Headers();
        for (const [name, value] of Object.entries(response.headers)) headers.set(name, String(value));
        resolve({ status: response.statusCode ?? 0, retryAfter: retryAfterOf(headers) });
      });
    });
  });
}

async function pour(request: ClientRequest, { body, size, onSent }: PutRequest): Promise<void> {
  let sent = 0;
  for await (const chunk of readable(body instanceof Blob ? streamed(body) : body)) {
    sent += chunk.length;
    if (!request.destroyed && !request.write(chunk)) await drained(request);
    // What broke it off is told by the request.
    if (request.destroyed) return;
    onSent(sent);
  }
  if (sent !== size) throw new CustodyError('SOURCE_CHANGED', `the file has ${sent} bytes where ${size} were`);
  request.end();
}

/** Errors of reading are the file's, not the connection's. */
async function* readable(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw new CustodyError('SOURCE_UNREADABLE', 'the file cannot be read', { cause });
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

async function* streamed(blob: Blob): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = blob.stream().getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    await reader.cancel();
  }
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const go = () => {
      request.off('drain', go);
      request.off('close', go);
      resolve();
    };
    request.on('drain', go);
    request.on('close', go);
    if (request.destroyed) go();
  });
}
