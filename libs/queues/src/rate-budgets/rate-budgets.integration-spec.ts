import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { eventually, startRedisServer, type RedisServer } from '@custody/testing';
import { RateBudgets } from './rate-budgets.js';

Logger.overrideLogger(false);

const TIMEOUT_MS = 300;

describe('budgets in Redis', () => {
  let redis: RedisServer;
  let replicas: RateBudgets[];

  beforeAll(async () => {
    redis = await startRedisServer();
  });
  beforeEach(async () => {
    const options = { url: redis.url, prefix: randomUUID(), timeoutMs: TIMEOUT_MS, windowMs: 60_000 };
    replicas = [new RateBudgets(options), new RateBudgets(options)];
    await Promise.all(replicas.map((one) => one.connect()));
  });
  afterEach(() => replicas.forEach((one) => one.close()));
  afterAll(async () => {
    redis.thaw();
    await redis.kill();
  });

  const tenant = { key: '{t}', limit: 30 };
  const user = { key: '{t}:u', limit: 20 };

  it('S36 are exact over two processes, and a request that one budget refuses is not counted by the other', async () => {
    const [one, two] = replicas as [RateBudgets, RateBudgets];
    const sixty = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? one : two).spend([tenant, user]));
    const answers = await Promise.all(sixty);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(20);
    const refused = await one.spend([tenant, user]);
    expect(refused.states.map(({ remaining }) => remaining)).toEqual([10, 0]);
    const other = await two.spend([tenant, { key: '{t}:other', limit: 20 }]);
    expect(other).toMatchObject({ allowed: true, states: [{ remaining: 9 }, { remaining: 19 }] });
    for (const { resetMs } of other.states) expect(resetMs).toBeGreaterThan(50_000);
  });

  it('S36 answers requests of one turn each for itself: every one its own count, and of the last ones as many as are left', async () => {
    const [one] = replicas as [RateBudgets];
    const few = { key: '{t}:few', limit: 2 };
    const turn = [tenant, tenant, tenant].map(() => one.spend([tenant, user]));
    const last = [1, 2, 3].map(() => one.spend([tenant, few]));
    const elsewhere = one.spend([{ key: '{u}', limit: 1 }]);
    const left = async (asked: typeof turn) =>
      (await Promise.all(asked)).map(({ allowed, states }) => [allowed, ...states.map(({ remaining }) => remaining)]);
    expect(await left(turn)).toEqual([
      [true, 29, 19],
      [true, 28, 18],
      [true, 27, 17],
    ]);
    expect(await left(last)).toEqual([
      [true, 26, 1],
      [true, 25, 0],
      [false, 25, 0],
    ]);
    expect(await left([elsewhere])).toEqual([[true, 0]]);
    expect(await left([one.spend([tenant, user])])).toEqual([[true, 24, 16]]);
  });

  it('S36 are counted on by a Redis that has forgotten the script, and by one that comes back empty', async () => {
    const [one] = replicas as [RateBudgets];
    await one.spend([user]);
    const admin = new Redis(redis.url);
    try {
      await admin.script('FLUSH');
      expect(await one.spend([user])).toMatchObject({ allowed: true, states: [{ remaining: 18 }] });
      await admin.flushall();
      expect(await one.spend([user])).toMatchObject({ allowed: true, states: [{ remaining: 19 }] });
    } finally {
      admin.disconnect();
    }
    expect(one.isShared).toBe(true);
  });

  it('S36 are kept by each process while Redis is frozen, without making every request wait', async () => {
    const [one] = replicas as [RateBudgets];
    await one.spend([user]);
    redis.freeze();
    const start = performance.now();
    const answers = [];
    for (let at = 0; at < 30; at += 1) answers.push(await one.spend([user]));
    expect(performance.now() - start).toBeLessThan(4 * TIMEOUT_MS);
    expect(answers.filter(({ allowed }) => allowed)).toHaveLength(20);
    expect(one.isShared).toBe(false);
    redis.thaw();
    await eventually('Redis counts again', async () => {
      await one.spend([{ key: 'another', limit: 1_000_000 }]);
      return one.isShared;
    });
  });

  it('begin at once where Redis is not there when the process starts', async () => {
    const lonely = new RateBudgets({
      url: 'redis://127.0.0.1:1',
      prefix: 'x',
      timeoutMs: TIMEOUT_MS,
      windowMs: 60_000,
    });
    try {
      await lonely.connect();
      expect(await lonely.spend([{ key: 'k', limit: 1 }])).toMatchObject({ allowed: true });
      expect(await lonely.spend([{ key: 'k', limit: 1 }])).toMatchObject({ allowed: false });
      expect(lonely.isShared).toBe(false);
    } finally {
      lonely.close();
    }
  });
});
