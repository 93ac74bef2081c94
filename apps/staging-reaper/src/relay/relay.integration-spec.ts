import 'reflect-metadata';
import { SystemStagingRepository } from '@custody/data';
import { QueueProducer } from '@custody/queues';
import { startRedisServer, eventually, userContext, type RedisServer } from '@custody/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { ReaperBench } from '../reaper.fixture.js';
import { WakeScans } from '../reconcile/wake-scans.service.js';
import { RedeliverEvents } from './redeliver-events.service.js';
import { TrimEvents } from '../events/trim-events.service.js';
import { RelayOutbox } from './relay-outbox.service.js';

describe('the relay and what Redis lost', () => {
  let bench: ReaperBench;
  let redis: RedisServer;
  let reaper: INestApplicationContext;
  let second: INestApplicationContext;

  beforeAll(async () => {
    [bench, redis] = await Promise.all([ReaperBench.open(), startRedisServer()]);
    const env = { REDIS_URL: redis.url, RELAY_AFTER_SEC: '0', RECONCILE_AFTER_SEC: '0', REDELIVER_AFTER_SEC: '0' };
    reaper = await bench.reaper(env);
    second = await bench.reaper(env);
  }, 60_000);
  afterAll(async () => {
    await bench.close();
    await redis.kill();
  }, 60_000);
  beforeEach(async () => {
    await bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE');
    await flush();
  });

  /** Redis comes back empty, as after a failover without its data. */
  async function flush(): Promise<void> {
    await redis.kill();
    await redis.start();
    await connected();
  }
  async function connected(): Promise<void> {
    for (const app of [reaper, second])
      await eventually('Redis', () =>
        app
          .get(QueueProducer)
          .ping()
          .then(
            () => true,
            () => false,
          ),
      );
  }
  const waiting = async (queue: string) => (await reaper.get(QueueProducer).depth(queue)).waiting;
  const unpublished = async () => {
    const text = 'SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL';
    return (await bench.database.query<{ n: number }>(text))[0]?.n;
  };
  const total = (counts: Record<string, number>[], kind: string) =>
    counts.reduce((sum, count) => sum + (count[kind] ?? 0), 0);

  it('F17 two relays at once publish each event once', async () => {
    const context = userContext();
    for (let index = 0; index < 30; index++) await bench.uploaded(context);
    const counts = await Promise.all([reaper, second].map((app) => bench.run(app, RelayOutbox)));
    expect(total(counts, 'published')).toBe(30);
    expect([await waiting('scan'), await unpublished()]).toEqual([30, 0]);
    expect(await bench.violations()).toEqual([]);
  });

  it('F20 a relay that ends between publishing and marking leaves one job and publishes again under its id', async () => {
    await bench.uploaded();
    const mark = 'EXECUTE ON FUNCTION mark_events_published(uuid[], uuid[])';
    await bench.database.query(`REVOKE ${mark} FROM custody_system`);
    try {
      await expect(bench.run(reaper, RelayOutbox)).rejects.toThrow('permission denied');
    } finally {
      await bench.database.query(`GRANT ${mark} TO custody_system`);
    }
    expect([await waiting('scan'), await unpublished()]).toEqual([1, 1]);
    expect(await bench.run(second, RelayOutbox)).toEqual({});
    await bench.database.query(`UPDATE outbox SET locked_until = now() - interval '1 s'`);
    expect(await bench.run(second, RelayOutbox)).toEqual({ published: 1 });
    expect([await waiting('scan'), await unpublished()]).toEqual([1, 0]);
  });

  it('leaves events to the next tick while Redis is away, without leasing them', async () => {
    await bench.uploaded();
    await redis.kill();
    try {
      await expect(bench.run(reaper, RelayOutbox)).rejects.toThrow('queue is not available');
    } finally {
      await redis.start();
      await connected();
    }
    expect(await bench.run(reaper, RelayOutbox)).toEqual({ published: 1 });
  });

  it('F4 finds every scan again after Redis lost its data, and does not double a backlog that is in place', async () => {
    const context = userContext();
    for (let index = 0; index < 20; index++) await bench.uploaded(context);
    await bench.run(reaper, RelayOutbox);
    expect(await bench.run(reaper, WakeScans)).toEqual({});
    await flush();
    const counts = await Promise.all([reaper, second].map((app) => bench.run(app, WakeScans)));
    expect(total(counts, 'woken')).toBeGreaterThanOrEqual(20);
    expect(await waiting('scan')).toBe(20);
    expect(await bench.run(reaper, WakeScans)).toEqual({});
    expect(await bench.violations()).toEqual([]);
  });

  it('F4 I4 publishes a notification again that Redis lost before it was delivered', async () => {
    await bench.uploaded();
    await reaper.get(SystemStagingRepository).expire({ actor: 'system:staging-reaper' }, 0, 10);
    await bench.run(reaper, RelayOutbox);
    await flush();
    const counts = await Promise.all([reaper, second].map((app) => bench.run(app, RedeliverEvents)));
    expect(total(counts, 'republished')).toBe(1);
    expect(await waiting('notify')).toBe(1);
    expect(await bench.run(reaper, RedeliverEvents)).toEqual({});
    expect(await bench.violations()).toEqual([]);
  });

  it('M20 forgets what happened to files long ago, and nothing else', async () => {
    await bench.uploaded();
    expect(await bench.run(reaper, TrimEvents)).toEqual({});
    const old = await bench.database.query(
      `UPDATE file_events SET at = at - interval '73 hours' WHERE type = 'file.status' AND state = 'awaiting_upload' RETURNING 1`,
    );
    expect(old.length).toBeGreaterThan(0);
    expect(await bench.run(reaper, TrimEvents)).toEqual({ trimmed: old.length });
    const left = await bench.database.query(`SELECT 1 FROM file_events WHERE state = 'uploaded'`);
    expect(left.length).toBeGreaterThan(0);
  });

  it('one event that no consumer could accept does not hold up the others', async () => {
    const context = userContext();
    for (let index = 0; index < 3; index++) await bench.uploaded(context);
    await bench.database.query(
      `UPDATE outbox SET type = 'file.available', data = '{}', file_id = '00000000-0000-0000-0000-000000000001'
        WHERE id = (SELECT id FROM outbox ORDER BY created_at LIMIT 1)`,
    );
    await expect(bench.run(reaper, RelayOutbox)).rejects.toThrow('1 failed');
    expect([await waiting('scan'), await unpublished()]).toEqual([2, 1]);
  });
});
