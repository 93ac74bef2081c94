import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startRedisServer, eventually, type RedisServer } from '@custody/testing';
import { Redis } from 'ioredis';
import { connectionTo, message, startConsumer, startProducer, type Connection, type Handle } from './queues.fixture.js';
import { QueueUnavailable } from './index.js';

let redis: RedisServer;
let raw: Redis;
let connection: Connection;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  redis = await startRedisServer();
  connection = connectionTo(redis.url, 'test');
  raw = new Redis(redis.url).on('error', () => undefined);
});
afterEach(async () => {
  redis.thaw();
  await Promise.all(open.splice(0).map((close) => close()));
  raw.disconnect();
  await redis.kill();
});

const produce = async () => {
  const started = await startProducer(connection);
  open.push(() => started.app.close());
  return started;
};
const consume = async (handle: Handle, options = {}) => {
  const started = await startConsumer(connection, handle, options);
  open.push(() => started.app.close());
  return started;
};
type Producer = Awaited<ReturnType<typeof produce>>['producer'];
const published = (producer: Producer, sent = message()) =>
  eventually('Redis to take the message', () =>
    producer.publish([sent]).then(
      () => true,
      () => false,
    ),
  );

/** The longest a producer may keep a request waiting: its deadline, and a little for the machine. */
const FAST_MS = 1_500;
const refusal = async (producer: Producer) => {
  const start = performance.now();
  await expect(producer.publish([message()])).rejects.toBeInstanceOf(QueueUnavailable);
  return performance.now() - start;
};

describe('Redis goes away', () => {
  it('killed and started: the producer says so at once and recovers, the consumer goes on', async () => {
    const steps: (string | undefined)[] = [];
    await consume(({ step }) => void steps.push(step));
    const { producer } = await produce();
    await published(producer, message('work.v1', 'before'));
    await eventually('the job before', () => steps.length === 1);
    await redis.kill();
    expect(await refusal(producer)).toBeLessThan(FAST_MS);
    await redis.start();
    await published(producer, message('work.v1', 'after'));
    await eventually('the job after', () => steps.includes('after'), 20_000);
  }, 40_000);

  it('frozen: the producer does not wait for it', async () => {
    const { producer } = await produce();
    await published(producer);
    redis.freeze();
    expect(await refusal(producer)).toBeLessThan(FAST_MS);
    redis.thaw();
    await published(producer);
  });

  it('while a job runs: the run ends well and later jobs come through', async () => {
    const steps: (string | undefined)[] = [];
    let finish: (() => void) | undefined;
    await consume(async ({ step }) => {
      if (step === 'slow') await new Promise<void>((resolve) => (finish = resolve));
      steps.push(step);
    });
    const { producer } = await produce();
    await published(producer, message('work.v1', 'slow'));
    // Not "active in Redis": that is true a moment before the handler has the job.
    const end = await eventually('the slow run', () => finish);
    await redis.kill();
    end();
    await eventually('the end of the slow run', () => steps.includes('slow'));
    await redis.start();
    await published(producer, message('work.v1', 'after'));
    await eventually('the job after', () => steps.includes('after'), 20_000);
  }, 40_000);

  it('away from the start: both come up by themselves', async () => {
    await redis.kill();
    const steps: (string | undefined)[] = [];
    await consume(({ step }) => void steps.push(step));
    const { producer } = await produce();
    expect(await refusal(producer)).toBeLessThan(FAST_MS);
    await redis.start();
    await published(producer, message('work.v1', 'first'));
    await eventually('the first job', () => steps.includes('first'), 20_000);
  }, 40_000);

  it('away at the end: both still stop', async () => {
    const consumer = await startConsumer(connection, () => undefined);
    const { app, producer } = await startProducer(connection);
    await published(producer);
    await redis.kill();
    const start = performance.now();
    await Promise.all([consumer.app.close(), app.close()]);
    expect(performance.now() - start).toBeLessThan(5_000);
  }, 20_000);
});

/** An idle worker hangs on a blocking read that a pause does not end. */
const idle = () => eventually('the worker is idle', async () => String(await raw.client('LIST')).includes('flags=b '));

it('a pause holds for an idle worker too', async () => {
  const steps: (string | undefined)[] = [];
  const { strategy } = await consume(({ step }) => void steps.push(step));
  const { producer, queue } = await produce();
  await idle();
  await strategy.pause('work');
  const held = { ...message('work.v1', 'held') };
  await published(producer, held);
  await eventually('the blocking read has ended', async () => !String(await raw.client('LIST')).includes('flags=b '));
  await eventually('the job is back in line', async () => (await queue.getJobState(held.id)) === 'waiting');
  expect(steps).toEqual([]);
  await strategy.resume('work');
  await eventually('the job runs', () => steps.includes('held'));
});

it('Redis is flushed (F4): what waited is gone, what comes next runs', async () => {
  const steps: (string | undefined)[] = [];
  const { strategy } = await consume(({ step }) => void steps.push(step));
  const { producer } = await produce();
  await strategy.pause('work');
  await published(producer, message('work.v1', 'lost'));
  await raw.flushall();
  expect(await producer.depth('work')).toMatchObject({ waiting: 0 });
  await strategy.resume('work');
  await published(producer, message('work.v1', 'next'));
  await eventually('the next job', () => steps.includes('next'));
  expect(steps).toEqual(['next']);
});

describe('a worker is lost', () => {
  /** A worker of another process that takes a job, says so, and never finishes. */
  const OTHER_WORKER = `
    const { Worker } = require('bullmq');
    const connection = { url: process.argv[1], maxRetriesPerRequest: null };
    const take = () => { process.stdout.write('taken'); return new Promise(() => {}); };
    new Worker('work', take, { connection, prefix: 'test', lockDuration: 1000, stalledInterval: 200, maxStalledCount: 9 });
  `;

  it('killed: its job is run by another one, as often as it happens, and fails for nothing', async () => {
    const { producer, queue } = await produce();
    const sent = message('once.v1');
    await published(producer, sent);
    for (let kill = 0; kill < 2; kill += 1) {
      const child = spawn(process.execPath, ['-e', OTHER_WORKER, redis.url], { stdio: ['ignore', 'pipe', 'inherit'] });
      const exited = once(child, 'exit');
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await exited;
    }
    const failedRuns: number[] = [];
    await consume((_, context) => void failedRuns.push(context.run.failedRuns));
    await eventually('the run', () => failedRuns.length > 0, 20_000);
    expect(failedRuns).toEqual([0]);
    await eventually('the end', async () => (await queue.getJobState(sent.id)) === 'unknown');
  }, 40_000);

  it('lost its lock (F1): a second run begins beside the first, and both end', async () => {
    const { producer, queue } = await produce();
    const events: string[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    await consume(async () => {
      events.push('start');
      await finished;
      events.push('end');
    });
    const sent = message();
    await published(producer, sent);
    await eventually(
      'the second run',
      async () => {
        if (events.length === 1) await raw.del(`test:work:${sent.id}:lock`);
        return events.length === 2;
      },
      20_000,
    );
    finish();
    await eventually('both ends', () => events.filter((event) => event === 'end').length === 2);
    await eventually('the job done', async () => (await queue.getJobState(sent.id)) === 'unknown');
  }, 40_000);
});
