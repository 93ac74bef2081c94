import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { NameServer } from '@custody/testing';
import type { Client } from './harness/client.js';
import { eicar, textFile } from './harness/samples.js';
import { SECRETS_KEY, type System } from './harness/system.js';
import {
  startWebhookReceiver,
  status,
  type ReceivedWebhook,
  type WebhookReceiver,
} from './harness/webhook-receiver.js';
import { EVENTS, idOf, startWebhookSystem, WebhookTenant } from './harness/webhook-tenant.js';

describe('webhooks', () => {
  let system: System;
  let names: NameServer;
  let receiver: WebhookReceiver;
  let tenant: WebhookTenant;
  let admin: Client;
  const tenants: WebhookTenant[] = [];
  const newTenant = async () => {
    const made = new WebhookTenant(await system.client(), receiver.url);
    tenants.push(made);
    return made;
  };

  beforeAll(async () => {
    ({ system, names, receiver } = await startWebhookSystem());
  }, 120_000);
  beforeEach(async () => {
    receiver.received.length = 0;
    receiver.replies.length = 0;
    tenant = await newTenant();
    ({ admin } = tenant);
  });
  afterAll(async () => {
    await system.stop();
    await Promise.all([names.close(), receiver.stop()]);
  });

  const arrived = (count: number) =>
    system.eventually(`${count} webhooks arrived`, () => Promise.resolve(receiver.received.length >= count));

  it('S37 tells a tenant of its files, signed as Standard Webhooks says, and no other tenant', async () => {
    const stranger = await newTenant();
    const mine = await tenant.register();
    await stranger.register();
    const fileId = await admin.upload(textFile());
    await admin.until(fileId, 'available');
    const infected = await admin.upload(eicar());
    await admin.until(infected, 'rejected');
    const delivered = await system.eventually('both are delivered', async () => {
      const found = await tenant.listed(mine, '?status=delivered');
      return found.length === 2 ? found : undefined;
    });
    const events = receiver.received.map((message) => receiver.verified(message, mine.secret));
    expect(events).toHaveLength(2);
    expect(events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ specversion: '1.0', type: 'file.available', subject: fileId }),
        expect.objectContaining({
          type: 'notify.notification.sent',
          subject: infected,
          data: expect.objectContaining({ notification: 'file.infected', fileId: infected }),
        }),
      ]),
    );
    const [first] = receiver.received;
    expect(first).toMatchObject({
      path: `/hooks/${admin.caller.tenantId}`,
      headers: {
        'content-type': 'application/cloudevents+json; charset=UTF-8',
        'webhook-id': events[0]?.['id'],
        'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      },
    });
    expect(events.map(({ id }) => id)).toContain(system.sink.of(fileId)[0]?.id);
    expect(receiver.received.map(({ path }) => path)).not.toContain(`/hooks/${stranger.admin.caller.tenantId}`);
    expect(() => receiver.verified({ ...(first as ReceivedWebhook), body: `${first?.body} ` }, mine.secret)).toThrow();
    expect(delivered).toMatchObject([
      { eventType: 'notify.notification.sent', status: 'delivered', attempts: 1, responseStatus: 204 },
      { eventType: 'file.available', status: 'delivered', attempts: 1, responseStatus: 204 },
    ]);
  }, 60_000);

  it('tells a webhook only what it asked for, and nothing while it is disabled', async () => {
    const available = await tenant.register({ events: ['file.available'] });
    const disabled = await tenant.register({ enabled: false });
    const fileId = await admin.upload(textFile());
    await admin.until(fileId, 'available');
    await arrived(1);
    expect(receiver.verified(receiver.received[0], available.secret)).toMatchObject({ subject: fileId });
    expect(await tenant.listed(disabled)).toEqual([]);
    expect((await tenant.call('POST', disabled, '/test')).body.code).toBe('WEBHOOK_DISABLED');
  }, 60_000);

  it('shows the secret once, and lists, changes and deletes webhooks', async () => {
    const webhook = await tenant.register({ description: 'first' });
    expect(webhook.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { secret: _secret, ...view } = webhook;
    expect((await tenant.call('GET', webhook)).body).toEqual(view);
    const second = await tenant.register();
    const page = await admin.call('GET', '/v1/webhooks?limit=1');
    expect(page.body).toMatchObject({ items: [view], hasMore: true });
    const rest = await admin.call('GET', `/v1/webhooks?limit=1&cursor=${page.body.nextCursor as string}`);
    expect(rest.body).toMatchObject({ items: [{ id: second.id }], hasMore: false, nextCursor: null });
    const changed = await tenant.call('PATCH', webhook, '', { description: null, events: ['file.available'] });
    expect(changed.body).toMatchObject({ description: null, events: ['file.available'], enabled: true });
    await tenant.register();
    const full = await admin.call('POST', '/v1/webhooks', { url: receiver.url, events: EVENTS });
    expect([full.status, full.body.code]).toEqual([409, 'WEBHOOK_LIMIT_EXCEEDED']);
    expect((await tenant.call('DELETE', second)).status).toBe(204);
    expect((await tenant.call('GET', second)).body.code).toBe('WEBHOOK_NOT_FOUND');
    await system.eventually('the reaper removed it', async () => {
      const rows = await system.rows('SELECT 1 FROM webhook_endpoints WHERE id = $1', [second.id]);
      return rows.length === 0;
    });
    expect(await tenant.audit()).toEqual([
      ...['webhook.created', 'webhook.created', 'webhook.updated', 'webhook.created', 'webhook.deleted'],
    ]);
  }, 30_000);

  it('signs with both secrets during the grace of a rotation, and with the new one after it', async () => {
    const webhook = await tenant.register();
    const rotated = await tenant.rotate(webhook);
    const secret = rotated.body.secret as string;
    expect(secret).not.toBe(webhook.secret);
    expect(rotated.headers.get('cache-control')).toBe('no-store');
    expect(Date.parse(rotated.body.previousSecretExpiresAt as string) - Date.now()).toBeGreaterThan(86_000_000);
    await tenant.test(webhook);
    await arrived(1);
    for (const one of [webhook.secret, secret])
      expect(receiver.verified(receiver.received[0], one)).toMatchObject({ type: 'webhook.test', subject: webhook.id });

    const last = await tenant.rotate(webhook, { graceSec: 0 });
    await tenant.test(webhook);
    await arrived(2);
    expect(receiver.verified(receiver.received[1], last.body.secret as string)).toMatchObject({ type: 'webhook.test' });
    expect(() => receiver.verified(receiver.received[1], secret)).toThrow();
  }, 30_000);

  it('tries again under the same id until the receiver takes it, and keeps a log of the attempts', async () => {
    const webhook = await tenant.register();
    receiver.replies.push(status(500), (response) => response.destroy(), status(200));
    const { id, eventId } = await tenant.test(webhook);
    const delivery = await tenant.ended(webhook, id);
    expect(delivery).toMatchObject({
      status: 'delivered',
      attempts: 3,
      responseStatus: 200,
      error: null,
      attemptLog: [
        { responseStatus: 500, error: 'answered 500' },
        { responseStatus: null, error: 'not reachable: ECONNRESET' },
        { responseStatus: 200, error: null },
      ],
    });
    expect(receiver.received.map(idOf)).toEqual([eventId, eventId, eventId]);
    for (const message of receiver.received) receiver.verified(message, webhook.secret);
    expect(JSON.stringify(delivery)).not.toContain('an answer that is kept nowhere');
  }, 30_000);

  it('gives up after the last attempt, and sends it once more when asked, under the same id', async () => {
    const webhook = await tenant.register();
    receiver.replies.push(...Array.from({ length: 4 }, () => status(503, { 'retry-after': '0' })));
    const { id, eventId } = await tenant.test(webhook);
    expect(await tenant.ended(webhook, id)).toMatchObject({ status: 'failed', attempts: 4, error: 'answered 503' });
    expect(await tenant.listed(webhook, '?status=failed')).toMatchObject([{ id, eventId, nextAttemptAt: null }]);
    expect((await tenant.call('POST', webhook, `/deliveries/${id}/redeliver`)).status).toBe(202);
    expect(await tenant.ended(webhook, id)).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(new Set(receiver.received.map(idOf))).toEqual(new Set([eventId]));
    expect(await tenant.audit()).toEqual(['webhook.created', 'webhook.tested', 'webhook.redelivered']);
  }, 30_000);

  it('disables a webhook that answers 410, and says so', async () => {
    const webhook = await tenant.register();
    receiver.replies.push(status(410));
    const { id } = await tenant.test(webhook);
    expect(await tenant.ended(webhook, id)).toMatchObject({ status: 'failed', attempts: 1, responseStatus: 410 });
    expect((await tenant.call('GET', webhook)).body).toMatchObject({ enabled: false, disabledReason: 'gone' });
    expect(await tenant.audit()).toEqual(['webhook.created', 'webhook.tested', 'webhook.disabled']);
    const again = await tenant.call('PATCH', webhook, '', { enabled: true });
    expect(again.body).toMatchObject({ enabled: true, disabledReason: null, disabledAt: null });
  }, 30_000);

  it('S37 refuses to register what is not public', async () => {
    names.answers.set('inside.test', [['127.0.0.2']]);
    names.answers.set('both.test', [['127.0.0.1', '10.1.2.3']]);
    const refused = [
      ...['http://127.0.0.2/', 'http://2130706434/', 'http://0x7f.2/', 'http://0177.0.0.2/', 'http://[::1]/'],
      ...[
        'http://[::ffff:127.0.0.1]/',
        'http://169.254.169.254/latest/meta-data/',
        'http://10.0.0.1/',
        'http://[fd00::1]/',
      ],
      ...[
        'http://[64:ff9b::7f00:1]/',
        'http://inside.test/',
        'http://both.test/',
        'http://localhost/',
        'ftp://hooks.test/',
      ],
      'http://user:password@127.0.0.1/',
    ];
    for (const url of refused) {
      const { status: code, body } = await admin.call('POST', '/v1/webhooks', { url, events: EVENTS });
      expect([url, code, body.code, body.errors?.[0]?.pointer]).toEqual([url, 422, 'WEBHOOK_URL_NOT_ALLOWED', '/url']);
    }
    const webhook = await tenant.register();
    const moved = await tenant.call('PATCH', webhook, '', { url: 'http://127.0.0.2/' });
    expect(moved.body.code).toBe('WEBHOOK_URL_NOT_ALLOWED');
    const bad = await admin.call('POST', '/v1/webhooks', { url: receiver.url, events: ['everything'] });
    expect([bad.status, bad.body.code]).toEqual([400, 'validation-error']);
  }, 30_000);

  it('S37 refuses to connect where a name leads after it was registered, and follows no redirect', async () => {
    const port = new URL(receiver.url).port;
    const inner = await startWebhookReceiver();
    names.answers.set('rebound.test', [['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2']]);
    const rebound = await tenant.register({ url: `http://rebound.test:${port}/` });
    const first = await tenant.test(rebound);
    expect(await tenant.ended(rebound, first.id)).toMatchObject({ status: 'delivered' });
    expect(receiver.received[0]?.headers.host).toBe(`rebound.test:${port}`);
    const { id } = await tenant.test(rebound);
    expect(await tenant.ended(rebound, id)).toMatchObject({
      status: 'failed',
      responseStatus: null,
      error: 'not allowed: the URL must lead to public addresses only',
    });
    expect(receiver.received).toHaveLength(1);

    const webhook = await tenant.register();
    receiver.replies.push(...Array.from({ length: 4 }, () => status(302, { location: inner.url })));
    const redirected = await tenant.test(webhook);
    expect(await tenant.ended(webhook, redirected.id)).toMatchObject({ status: 'failed', responseStatus: 302 });
    expect(inner.received).toEqual([]);
    await inner.stop();
  }, 30_000);

  it('F2 loses nothing and changes no id when the notifier is killed while it delivers', async () => {
    const webhook = await tenant.register();
    receiver.replies.push(() => undefined);
    const { id, eventId } = await tenant.test(webhook);
    await arrived(1);
    await system.stopApp('notifier', 'SIGKILL');
    // Two from here on.
    await Promise.all([system.startApp('notifier'), system.startApp('notifier')]);
    expect(await tenant.ended(webhook, id)).toMatchObject({ status: 'delivered', attempts: 1 });
    expect(receiver.received.map(idOf)).toEqual([eventId, eventId]);
  }, 60_000);

  it('two notifiers deliver each event once, and no more at a time than a webhook may get', async () => {
    const slow = await startWebhookReceiver();
    const webhook = await tenant.register({ url: slow.url });
    const held: ServerResponse[] = [];
    slow.replies.push(...Array.from({ length: 12 }, () => (response: ServerResponse) => held.push(response)));
    const sent = await Promise.all(Array.from({ length: 12 }, () => tenant.test(webhook)));
    await system.eventually('all are delivered', async () => {
      for (const response of held.splice(0)) response.writeHead(204).end();
      return (await tenant.listed(webhook, '?status=delivered')).length === sent.length;
    });
    expect(slow.received.map(idOf).sort()).toEqual(sent.map(({ eventId }) => eventId).sort());
    expect(slow.busiest).toBeLessThanOrEqual(2);
    await slow.stop();
  }, 60_000);

  it('a receiver that never answers holds up nobody but itself', async () => {
    const stuck = await startWebhookReceiver();
    stuck.replies.push(...Array.from({ length: 40 }, () => () => undefined));
    const jammed = await tenant.register({ url: stuck.url });
    for (let i = 0; i < 6; i++) await tenant.test(jammed);
    await system.eventually('it is stuck', () => Promise.resolve(stuck.received.length >= 2));
    const calm = await tenant.register();
    const { id } = await tenant.test(calm);
    expect(await tenant.ended(calm, id)).toMatchObject({ status: 'delivered' });
    expect(await tenant.listed(jammed, '?status=pending')).not.toEqual([]);
    await tenant.call('DELETE', jammed);
    await stuck.stop();
  }, 30_000);

  it('M34 another tenant finds nothing of it', async () => {
    const webhook = await tenant.register();
    const { id } = await tenant.test(webhook);
    await tenant.ended(webhook, id);
    const stranger = await newTenant();
    const doors = ['GET', 'PATCH', 'DELETE', 'POST /rotate-secret', 'POST /test', 'GET /deliveries'];
    for (const door of [...doors, `GET /deliveries/${id}`, `POST /deliveries/${id}/redeliver`]) {
      const [method = '', path = ''] = door.split(' ');
      const foreign = await stranger.call(method, webhook, path, method === 'PATCH' ? {} : undefined);
      expect([door, foreign.status]).toEqual([door, 404]);
    }
    const other = await tenant.register();
    expect((await tenant.call('GET', other, `/deliveries/${id}`)).body.code).toBe('WEBHOOK_DELIVERY_NOT_FOUND');
    expect((await tenant.call('GET', { id: randomUUID() })).body.code).toBe('WEBHOOK_NOT_FOUND');
  }, 30_000);

  it('S35 the secrets are in no table, no audit row and no log', async () => {
    const logs = (['files-api', 'notifier', 'staging-reaper'] as const)
      .map((name) => system.running(name).output)
      .join('\n');
    const [row] = await system.rows<{ tables: string }>(
      `SELECT concat((SELECT json_agg(e) FROM webhook_endpoints e), (SELECT json_agg(d) FROM webhook_deliveries d),
                     (SELECT json_agg(a) FROM audit_log a), (SELECT json_agg(o) FROM outbox o)) AS tables`,
    );
    const tables = row?.tables ?? '';
    expect(tables).toContain('webhook.secret_rotated');
    const secrets = tenants.flatMap((one) => one.secrets);
    expect(secrets.length).toBeGreaterThan(10);
    for (const secret of [...secrets, ...secrets.map((one) => one.slice('whsec_'.length)), SECRETS_KEY])
      for (const [where, text] of Object.entries({ tables, logs }))
        expect([where, text.includes(secret)]).toEqual([where, false]);
  });
});
