import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SinkEvent {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly tenantid: string;
  readonly data: Record<string, unknown>;
}

/** Receives the CloudEvents of a system, every delivery of them. */
export interface EventSink {
  readonly url: string;
  /** Deliveries about one file, in order of arrival. */
  of(fileId: string): SinkEvent[];
  stop(): Promise<void>;
}

export async function startEventSink(): Promise<EventSink> {
  const received: SinkEvent[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push(JSON.parse(body) as SinkEvent);
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    of: (fileId) => received.filter((event) => event.subject === fileId),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
