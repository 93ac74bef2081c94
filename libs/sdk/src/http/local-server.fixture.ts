import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answering = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on the loopback; `stop` drops its connections. */
export async function localServer(
  answer: Answering,
): Promise<{ url: string; server: Server; stop: () => Promise<void> }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, stop };
}

/** An RFC 9457 problem as the service answers it. */
export function problem(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}) {
  const body = { type: `urn:custody:problem:${code}`, title: code, status, detail: `it is ${code}`, code };
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ ...body, requestId: 'r-1', errors: [] }));
}

export function json(response: ServerResponse, body: unknown, status = 200) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
