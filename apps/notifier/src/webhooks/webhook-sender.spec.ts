import { once } from 'node:events';
import http, { type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { NameServer } from '@custody/testing';
import { loadNotifierConfig } from '@custody/config';
import { NameServers, TargetPolicy } from '@custody/webhooks';
import { WebhookSender } from './webhook-sender.js';
import { WebhookSettings } from './webhook-settings.js';

const ENV = {
  DATABASE_URL: 'postgresql://app:pw@localhost/custody',
  DATABASE_SYSTEM_URL: 'postgresql://system:pw@localhost/custody',
  REDIS_URL: 'redis://localhost',
  WEBHOOK_SECRETS_KEY: Buffer.alloc(32, 1).toString('base64'),
  WEBHOOK_ALLOW_HTTP: 'true',
  WEBHOOK_ALLOWED_PORTS: 'any',
  WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1/32',
  WEBHOOK_TIMEOUT_SEC: '1',
};

describe('WebhookSender', () => {
  let names: NameServer;
  let sender: WebhookSender;
  const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
  const never = new AbortController().signal;

  beforeEach(async () => {
    names = await NameServer.listen();
    const config = loadNotifierConfig({ ...ENV, WEBHOOK_DNS_SERVERS: names.address });
    const targets = new TargetPolicy(config.webhooks, new NameServers(config.webhooks.dnsServers));
    sender = new WebhookSender(targets, new WebhookSettings(config));
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections?.();
      server.close();
    }
    await names.close();
  });

  async function receiver(listener: RequestListener): Promise<number> {
    const server = http.createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }
  const post = (url: string, stop = never) =>
    sender.post({ url, headers: { 'webhook-id': '1' }, body: '{"ö":1}' }, stop);

  it('S37 connects to the address it judged, under the name: there is no second look-up', async () => {
    const seen: IncomingMessage[] = [];
    const port = await receiver((request, response) => {
      seen.push(request);
      response.writeHead(204).end();
    });
    names.answers.set('hooks.test', [['127.0.0.1'], ['127.0.0.2']]);
    expect(await post(`http://hooks.test:${port}/a?b=c`)).toEqual({ status: 204, retryAfterMs: null });
    expect(seen.map(({ method, url, headers }) => [method, url, headers.host, headers['webhook-id']])).toEqual([
      ['POST', '/a?b=c', `hooks.test:${port}`, '1'],
    ]);
    expect(seen[0]?.headers).toMatchObject({ 'content-length': '8', connection: 'close' });
    expect(names.asked).toEqual(['hooks.test']);
    // The name was rebound: it is asked again, and refused.
    await expect(post(`http://hooks.test:${port}/`)).rejects.toThrow(
      'not allowed: the URL must lead to public addresses only',
    );
    expect(seen).toHaveLength(1);
  });

  it('S37 refuses a name when one of its addresses is not allowed, and a literal one', async () => {
    names.answers.set('both.test', [['127.0.0.1', '10.0.0.1']]);
    await expect(post('http://both.test/')).rejects.toThrow(/not allowed/);
    await expect(post('http://2130706434/')).rejects.toThrow(/not allowed/);
    await expect(post('http://[::ffff:127.0.0.1]/')).rejects.toThrow(/not allowed/);
    await expect(post('http://localhost/')).rejects.toThrow(/not allowed/);
  });

  it('S37 does not follow a redirect', async () => {
    let reached = 0;
    const inner = await receiver((_request, response) => {
      reached += 1;
      response.end();
    });
    const port = await receiver((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${inner}/` }).end();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 307 });
    expect(reached).toBe(0);
  });

  it('names the host in TLS, though it connects to an address', async () => {
    const named: string[] = [];
    const server = tls.createServer({
      SNICallback: (name, done) => {
        named.push(name);
        done(new Error('no certificate'));
      },
    });
    servers.push(server);
    server.on('tlsClientError', () => undefined);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    names.answers.set('tls.test', [['127.0.0.1']]);
    await expect(post(`https://tls.test:${(server.address() as AddressInfo).port}/`)).rejects.toThrow(
      /^not reachable: \w+$/,
    );
    expect(named).toEqual(['tls.test']);
  });

  it('says what is wrong without saying where', async () => {
    names.answers.set('nobody.test', [['127.0.0.1']]);
    await expect(post('http://absent.test/secret')).rejects.toThrow(/^the name was not resolved$/);
    await expect(post('http://nobody.test:1/secret')).rejects.toThrow(/^not reachable: ECONNREFUSED$/);
    const port = await receiver((request) => request.socket.destroy());
    await expect(post(`http://127.0.0.1:${port}/secret`)).rejects.toThrow(/^not reachable: ECONNRESET$/);
  });

  it('waits for an answer no longer than it may, and stops when told', async () => {
    const port = await receiver(() => undefined);
    await expect(post(`http://127.0.0.1:${port}/`)).rejects.toThrow(/^no answer in time$/);
    const stop = new AbortController();
    const attempt = post(`http://127.0.0.1:${port}/`, stop.signal);
    stop.abort(new Error('stopping'));
    await expect(attempt).rejects.toThrow('stopping');
  });

  it('takes the status and leaves an endless body where it is', async () => {
    let cut: Promise<unknown> | undefined;
    const port = await receiver((request, response) => {
      cut = new Promise((resolve) => request.socket.once('close', resolve));
      response.on('error', () => undefined).writeHead(200, { 'retry-after': '7' });
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: 200, retryAfterMs: 7_000 });
    await cut;
  });
});
