import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { close, listen } from './issuer.js';

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
  const url = await listen(server);
  return {
    url: `${url}/events`,
    of: (fileId) => received.filter((event) => event.subject === fileId),
    stop: () => close(server),
  };
}
