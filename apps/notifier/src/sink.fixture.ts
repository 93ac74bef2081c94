import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly contentType: string | undefined;
  readonly authorization: string | undefined;
  readonly event: { readonly id: string; readonly type: string };
}

/** An HTTP receiver that answers as told and remembers what it got. */
export class Sink {
  readonly received: Received[] = [];
  /** Answers of the next requests, in order; 204 afterwards. */
  readonly answers: { status: number; headers?: Record<string, string> }[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async open(): Promise<Sink> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sink = new Sink(server, (server.address() as AddressInfo).port);
    server.on('request', (request: IncomingMessage, response) => {
      void sink.take(request).then(() => {
        const { status, headers = {} } = sink.answers.shift() ?? { status: 204 };
        response.writeHead(status, headers).end();
      });
    });
    return sink;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async take(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.received.push({
      contentType: request.headers['content-type'],
      authorization: request.headers.authorization,
      event: JSON.parse(Buffer.concat(chunks).toString()) as Received['event'],
    });
  }
}
