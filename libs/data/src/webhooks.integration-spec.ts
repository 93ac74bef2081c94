import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '@custody/contracts';
import { newId, type TenantId, type WebhookId } from '@custody/domain';
import { eventually, freshDatabase, userContext, type FreshDatabase } from '@custody/testing';
import { SystemDatabase } from './system-database.js';
import { SystemWebhooksRepository } from './system-webhooks.repository.js';
import { TenantDatabase } from './tenant-database.js';
import { WebhookDeliveriesRepository } from './webhook-deliveries.repository.js';
import { WebhooksRepository } from './webhooks.repository.js';

const POLICY = { leaseSec: 60, perEndpoint: 2, perTenant: 3 };
const NEVER = { failures: 1_000, failingSec: 86_400 };
const DONE = { retrySec: null, gone: false };

describe('webhooks in the database', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let systems: SystemDatabase;
  let webhooks: WebhooksRepository;
  let deliveries: WebhookDeliveriesRepository;
  let system: SystemWebhooksRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    systems = new SystemDatabase({ url: database.systemUrl, poolMax: 8, applicationName: 'test' });
    webhooks = new WebhooksRepository(tenants);
    deliveries = new WebhookDeliveriesRepository(tenants);
    system = new SystemWebhooksRepository(systems);
  }, 30_000);
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), systems.onApplicationShutdown()]);
    await database.drop();
  }, 30_000);
  beforeEach(() => database.query('TRUNCATE webhook_deliveries, webhook_endpoints'));

  const settings = {
    url: 'https://hooks.example.com/s3cret',
    description: null,
    events: ['file.available'],
    enabled: true,
  };
  const register = async (context = userContext(), changes: Partial<typeof settings> = {}) => {
    const id = newId<WebhookId>();
    await webhooks.create(context, id, { ...settings, ...changes }, 'sealed', 100);
    return { context, id };
  };
  const eventOf = (tenantId: TenantId): CloudEvent => ({
    ...{ specversion: '1.0', id: randomUUID(), source: '/custody', type: 'file.available', subject: randomUUID() },
    ...{ time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: tenantId },
    data: { fileId: randomUUID(), versionId: randomUUID() },
  });
  const claims = async (count: number, policy = POLICY) => {
    const claimed = [];
    for (let i = 0; i < count; i++) claimed.push(await system.claim(policy));
    return claimed;
  };
  const claim = async (policy = POLICY) => {
    const claimed = await system.claim(policy);
    if (claimed === null) throw new Error('nothing is due');
    return claimed;
  };
  const audit = (tenantId: TenantId) =>
    database.query<{ action: string; actor: string; detail: Record<string, unknown> }>(
      `SELECT action, actor, detail FROM audit_log WHERE tenant_id = $1 ORDER BY id`,
      [tenantId],
    );

  it('makes one row per webhook and event, for those that want it, however often it is published', async () => {
    const { context } = await register();
    await register(context);
    await register(context, { enabled: false });
    await register(context, { events: ['notify.notification.sent'] });
    await register();
    const event = eventOf(context.tenantId);
    expect(await Promise.all([1, 2, 3, 4].map(() => deliveries.enqueue(event)))).toEqual(
      expect.arrayContaining([2, 0, 0, 0]),
    );
    expect(await database.query('SELECT 1 FROM webhook_deliveries')).toHaveLength(2);
  });

  it('serves endpoints in turn, however much one of them has waiting', async () => {
    const busy = await register();
    const calm = await register();
    for (let i = 0; i < 5; i++) await deliveries.enqueue(eventOf(busy.context.tenantId));
    await deliveries.enqueue(eventOf(calm.context.tenantId));
    const [first, second] = await claims(2);
    expect([first?.endpointId, second?.endpointId]).toEqual([busy.id, calm.id]);
  });

  it('bounds what an endpoint and a tenant have under way, and goes on when one ends', async () => {
    const { context, id } = await register();
    for (let i = 0; i < 4; i++) await deliveries.enqueue(eventOf(context.tenantId));
    const [one, two, three] = await claims(3);
    expect([one?.endpointId, two?.endpointId, three]).toEqual([id, id, null]);
    await deliveries.end(one as NonNullable<typeof one>, { status: 200, durationMs: 1 }, DONE, NEVER);
    expect(await system.claim(POLICY)).not.toBeNull();

    const other = await register();
    await register(other.context);
    for (let i = 0; i < 2; i++) await deliveries.enqueue(eventOf(other.context.tenantId));
    const taken = (await claims(8)).filter((one) => one?.tenantId === other.context.tenantId);
    expect(taken).toHaveLength(POLICY.perTenant);
  });

  it('hands each delivery to one of many, and comes to rest', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => register()));
    for (const { context } of made) for (let i = 0; i < 2; i++) await deliveries.enqueue(eventOf(context.tenantId));
    const taken = (await Promise.all(Array.from({ length: 6 }, () => claims(6)))).flat().filter((one) => one !== null);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(8);
    expect(taken).toHaveLength(8);
    for (const one of taken) await deliveries.end(one, { status: 204, durationMs: 1 }, DONE, NEVER);
    expect(await system.claim(POLICY)).toBeNull();
    expect(await database.query('SELECT 1 FROM webhook_endpoints WHERE due_at IS NOT NULL')).toEqual([]);
    expect(await system.backlog()).toEqual({ due: 0, oldestSec: 0 });
  });

  it('gives a delivery to another when its lease runs out, and then believes only the other', async () => {
    const { context } = await register();
    await deliveries.enqueue(eventOf(context.tenantId));
    const first = await claim({ ...POLICY, leaseSec: 0.05 });
    const second = await eventually('the lease ran out', async () => (await system.claim(POLICY)) ?? undefined);
    expect(second).toMatchObject({
      id: first.id,
      claims: first.claims + 1,
      attempts: 0,
      event: { id: first.event.id },
    });
    expect(await deliveries.end(first, { durationMs: 1, error: 'late' }, DONE, NEVER)).toMatchObject({
      outcome: 'lost',
    });
    await deliveries.release(first);
    expect(await deliveries.end(second, { status: 200, durationMs: 1 }, DONE, NEVER)).toMatchObject({
      outcome: 'delivered',
    });
  });

  it('keeps the last 20 attempts, tries again when told, and fails when told', async () => {
    const { context, id } = await register();
    await deliveries.enqueue(eventOf(context.tenantId));
    for (let i = 0; i < 22; i++) {
      const attempt = { status: 500, durationMs: i, error: 'answered 500' };
      expect(await deliveries.end(await claim(), attempt, { retrySec: 0, gone: false }, NEVER)).toMatchObject({
        outcome: 'pending',
      });
    }
    const last = await claim();
    expect(last.attempts).toBe(22);
    expect(await deliveries.end(last, { durationMs: 1, error: 'timeout' }, DONE, NEVER)).toEqual({
      ...{ outcome: 'failed', disabled: null },
    });
    const [row] = await deliveries.list(context, id, 'failed', null, 10);
    expect(row).toMatchObject({ state: 'failed', attempts: 23, lastStatus: null, lastError: 'timeout' });
    expect(row?.attemptLog).toHaveLength(20);
    expect(row?.attemptLog.at(-1)).toEqual({ at: expect.any(String), durationMs: 1, error: 'timeout' });
    expect(await system.claim(POLICY)).toBeNull();
  });

  it('disables what is gone or has failed long enough, writes it down, and sends what waited once it is enabled', async () => {
    const { context, id } = await register();
    for (let i = 0; i < 2; i++) await deliveries.enqueue(eventOf(context.tenantId));
    const failed = { status: 500, durationMs: 1, error: 'answered 500' };
    const policy = { failures: 2, failingSec: 0 };
    const again = { retrySec: 0, gone: false };
    expect(await deliveries.end(await claim(), failed, again, policy)).toMatchObject({ disabled: null });
    expect(await deliveries.end(await claim(), failed, again, policy)).toMatchObject({ disabled: 'failing' });
    expect(await system.claim(POLICY)).toBeNull();
    expect(await webhooks.find(context, id)).toMatchObject({ enabled: false, disabledReason: 'failing' });
    expect(await webhooks.update(context, id, { enabled: true })).toMatchObject({
      enabled: true,
      disabledReason: null,
    });
    expect(await deliveries.end(await claim(), failed, { retrySec: null, gone: true }, NEVER)).toEqual({
      ...{ outcome: 'failed', disabled: 'gone' },
    });
    const log = await audit(context.tenantId);
    expect(log.map(({ action }) => action)).toEqual([
      ...['webhook.created', 'webhook.disabled', 'webhook.updated', 'webhook.disabled'],
    ]);
    expect(log[1]).toMatchObject({
      actor: 'system:notifier',
      detail: { reason: 'failing', host: 'hooks.example.com' },
    });
    expect(JSON.stringify(log)).not.toMatch(/s3cret|sealed/);
  });

  it('redelivers under the same event, and leaves alone what is being sent', async () => {
    const { context, id } = await register();
    await deliveries.enqueue(eventOf(context.tenantId));
    const first = await claim();
    expect(await deliveries.redeliver(context, id, first.id)).toMatchObject({ state: 'pending' });
    expect(await system.claim(POLICY)).toBeNull();
    await deliveries.end(first, { status: 200, durationMs: 1 }, DONE, NEVER);
    expect(await deliveries.redeliver(context, id, first.id)).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await claim()).toMatchObject({ id: first.id, event: { id: first.event.id } });
    await webhooks.update(context, id, { enabled: false });
    await expect(deliveries.redeliver(context, id, first.id)).rejects.toMatchObject({ code: 'WEBHOOK_DISABLED' });
  });

  it('S32 shows a tenant its own, and nothing without a tenant', async () => {
    const { context, id } = await register();
    await deliveries.enqueue(eventOf(context.tenantId));
    const [mine] = await deliveries.list(context, id, null, null, 10);
    const stranger = userContext();
    expect(await webhooks.find(stranger, id)).toBeNull();
    expect(await webhooks.update(stranger, id, { enabled: false })).toBeNull();
    expect(await webhooks.delete(stranger, id)).toBe(false);
    expect(await webhooks.rotateSecret(stranger, id, 'x', 1)).toBeNull();
    expect(await deliveries.list(stranger, id, null, null, 10)).toEqual([]);
    expect(await deliveries.find(stranger, id, mine?.id as NonNullable<typeof mine>['id'])).toBeNull();
    expect(await deliveries.redeliver(stranger, id, mine?.id as NonNullable<typeof mine>['id'])).toBeNull();
    for (const table of ['webhook_endpoints', 'webhook_deliveries'])
      expect(await tenants.call({ ...stranger, tenantId: '' as TenantId }, `SELECT enter($1) FROM ${table}`)).toEqual(
        [],
      );
    await expect(
      tenants.call(context, 'SELECT enter($1), claim_webhook_delivery(interval $$1s$$, 1, 1)'),
    ).rejects.toThrow(/permission denied/);
  });

  it('lets exactly the last free place of a tenant be taken', async () => {
    const context = userContext();
    const all = await Promise.allSettled(
      Array.from({ length: 8 }, () => webhooks.create(context, newId<WebhookId>(), settings, 'sealed', 3)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('trims what is old, and everything of a deleted webhook', async () => {
    const { context } = await register();
    const deleted = await register(context);
    for (let i = 0; i < 3; i++) await deliveries.enqueue(eventOf(context.tenantId));
    await webhooks.delete(context, deleted.id);
    expect(await system.trim(86_400, 2)).toBe(2);
    expect(await system.trim(86_400, 2)).toBe(1);
    expect(await database.query('SELECT id FROM webhook_endpoints')).toHaveLength(1);
    const done = await claim();
    await deliveries.end(done, { status: 200, durationMs: 1 }, DONE, NEVER);
    await database.query(`UPDATE webhook_deliveries SET created_at = now() - interval '2 days'`);
    // What still waits for an enabled webhook is kept.
    expect(await system.trim(86_400, 10)).toBe(1);
    expect(await system.trim(86_400, 10)).toBe(0);
  });
});
