import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';

export interface ReceivedWebhook {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Reply = (response: ServerResponse) => unknown;

/** A tenant's receiver: takes webhooks on any path, and answers 204 or as it is told. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: ReceivedWebhook[];
  /** What the next requests are answered, in turn. */
  readonly replies: Reply[];
  /** Most requests that were open at once. */
  readonly busiest: number;
  /** What a receiver gets out of a message with the public library; throws when no signature is the secret's. */
  verified(message: ReceivedWebhook | undefined, secret: string): Record<string, unknown>;
  stop(): Promise<void>;
}

export const status =
  (code: number, headers: Record<string, string> = {}): Reply =>
  (response) =>
    response.writeHead(code, headers).end('an answer that is kept nowhere');

export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedWebhook[] = [];
  const replies: Reply[] = [];
  let open = 0;
  let busiest = 0;
  const server = createServer((request, response) => {
    busiest = Math.max(busiest, ++open);
    response.once('close', () => open--);
    void text(request).then((body) => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      (replies.shift() ?? status(204))(response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    replies,
    get busiest() {
      return busiest;
    },
    verified(message, secret) {
      if (message === undefined) throw new Error('nothing was received');
      const { body, headers } = message;
      return new Webhook(secret).verify(body, headers as Record<string, string>) as Record<string, unknown>;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
