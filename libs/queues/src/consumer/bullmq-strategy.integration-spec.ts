import { randomUUID } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { currentContext, type RequestContext } from '@custody/observability';
import { eventually, startRedisServer, type RedisServer } from '@custody/testing';
import { Observable, of, throwError } from 'rxjs';
import {
  connectionTo,
  message,
  startConsumer,
  startProducer,
  startWith,
  type Connection,
  type Handle,
} from '../queues.fixture.js';
import { JobHandler, RefuseJob, WaitAndRetry, type JobRun } from '../index.js';

let redis: RedisServer;
let connection: Connection;
let producer: Awaited<ReturnType<typeof startProducer>>;
const open: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  redis = await startRedisServer();
});
afterAll(() => redis.kill());

beforeEach(async () => {
  connection = connectionTo(redis.url);
  producer = await startProducer(connection);
  await eventually('Redis', () =>
    producer.producer.ping().then(
      () => true,
      () => false,
    ),
  );
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
  await producer.queue.obliterate({ force: true });
  await producer.app.close();
});

const consume = async (handle: Handle, options = {}) => {
  const consumer = await startConsumer(connection, handle, options);
  open.push(() => consumer.app.close());
  return consumer;
};
const failed = (id: string) =>
  eventually(`job ${id} in the failed set`, async () => {
    // The state first: a job that was read before it failed does not know why it did.
    const isFailed = (await producer.queue.getJobState(id)) === 'failed';
    return isFailed ? producer.queue.getJob(id) : undefined;
  });
const gone = (id: string) =>
  eventually(`job ${id} done`, async () => (await producer.queue.getJobState(id)) === 'unknown');

describe('a job', () => {
  it('reaches its handler with payload, context of the request, and leaves nothing behind', async () => {
    const seen: [unknown, JobRun, RequestContext | undefined][] = [];
    await consume((data, context) => void seen.push([data, context.run, currentContext()]));
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const sent = { ...message(), meta: { requestId: 'request-1', traceparent } };
    await producer.producer.publish([sent]);
    await gone(sent.id);
    const [[data, run, context]] = seen as [(typeof seen)[0]];
    expect(data).toEqual(sent.payload);
    expect(run).toMatchObject({ id: sent.id, name: 'work.v1', queue: 'work', failedRuns: 0, attempts: 3 });
    expect(context).toMatchObject({ requestId: 'request-1', tenantId: sent.payload.tenantId });
    expect(context?.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
    expect(await producer.producer.depth('work')).toEqual({
      waiting: 0,
      active: 0,
      delayed: 0,
      prioritized: 0,
      failed: 0,
    });
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the real reason'))],
    ['returns an Observable that fails', () => throwError(() => new Error('the real reason'))],
  ])('fails for the real reason after its attempts when the handler %s', async (_, handle) => {
    let runs = 0;
    await consume(() => {
      runs += 1;
      return handle();
    });
    const sent = message();
    await producer.producer.publish([sent]);
    const job = await failed(sent.id);
    expect(job.failedReason).toBe('the real reason');
    expect(runs).toBe(3);
  });

  it('is done only when the Observable of its handler is', async () => {
    const events: string[] = [];
    await consume(
      () =>
        new Observable((subscriber) => {
          setTimeout(() => {
            events.push('observed');
            subscriber.complete();
          }, 50);
        }),
    );
    const sent = message();
    await producer.producer.publish([sent]);
    await gone(sent.id);
    expect(events).toEqual(['observed']);
  });

  it('runs once when its id is added twice, and again after it was done (F6)', async () => {
    let runs = 0;
    const { strategy } = await consume(() => of(void (runs += 1)));
    await strategy.pause('work');
    const sent = message();
    await producer.producer.publish([sent, sent]);
    await producer.producer.publish([sent]);
    await strategy.resume('work');
    await gone(sent.id);
    expect(runs).toBe(1);
    await producer.producer.publish([sent]);
    await eventually('the second run', () => runs === 2);
  });

  it('that failed makes way for a republished one, and only then', async () => {
    let broken = true;
    let runs = 0;
    await consume(() => {
      runs += 1;
      if (broken) throw new RefuseJob('broken');
    });
    const sent = message();
    await producer.producer.publish([sent]);
    await failed(sent.id);
    broken = false;
    await producer.producer.publish([sent]);
    await failed(sent.id);
    expect(runs).toBe(1);
    await producer.producer.republish([sent]);
    await gone(sent.id);
    expect(runs).toBe(2);
  });

  it('waits without burning an attempt (WaitAndRetry)', async () => {
    let runs = 0;
    const failedRuns: number[] = [];
    await consume((_, context) => {
      failedRuns.push(context.run.failedRuns);
      if ((runs += 1) <= 4) throw new WaitAndRetry(20, 'clamd is away');
    });
    const sent = message('once.v1');
    await producer.producer.publish([sent]);
    await gone(sent.id);
    expect(failedRuns).toEqual([0, 0, 0, 0, 0]);
  });

  it('that takes longer than its contract allows is aborted and fails', async () => {
    let signal: AbortSignal | undefined;
    await consume((_, context) => {
      signal = context.run.signal;
      return new Promise(() => undefined);
    });
    const sent = message('short.v1');
    await producer.producer.publish([sent]);
    expect((await failed(sent.id)).failedReason).toBe('took longer than 100 ms');
    expect(signal?.aborted).toBe(true);
  });
});

describe('a forged or foreign job', () => {
  const add = (name: string, data: unknown, opts = {}) =>
    producer.queue.add(name, data, { jobId: randomUUID(), ...opts }).then((job) => String(job.id));

  it.each([
    ['unknown.v1', {}, 'unknown job unknown.v1'],
    ['constructor', {}, 'unknown job constructor'],
    ['work.v1', { tenantId: 'no uuid' }, /^invalid payload: tenantId: /],
    ['work.v1', { tenantId: randomUUID(), url: 'http://169.254.169.254/' }, /^invalid payload: payload: /],
    ['work.v1', 'text', /^invalid payload: /],
    ['work.v1', null, /^invalid payload: /],
    ['work.v1', { tenantId: randomUUID(), meta: { requestId: 7 }, step: [] }, /^invalid payload: step: /],
  ])('%s %j fails at once with the reason', async (name, data, reason) => {
    let runs = 0;
    await consume(() => void (runs += 1));
    const id = await add(name, data, { attempts: 1_000_000, removeOnFail: true, backoff: { type: 'nonsense' } });
    const job = await failed(id);
    expect(job.failedReason).toMatch(reason);
    expect(job.attemptsMade).toBe(1);
    expect(runs).toBe(0);
    const sent = message();
    await producer.producer.publish([sent]);
    await gone(sent.id);
    expect(runs).toBe(1);
  });

  it('runs by the rules of our contract, not by those of its sender', async () => {
    let runs = 0;
    await consume(() => {
      runs += 1;
      throw new Error('not yet');
    });
    const id = await add('work.v1', { tenantId: randomUUID() }, { attempts: 0, removeOnFail: true });
    expect((await failed(id)).attemptsMade).toBe(3);
    expect(runs).toBe(3);
  });
});

describe('starting is refused', () => {
  it('when a job has no handler, and when a handler has no job', async () => {
    @Controller()
    class Incomplete {
      @JobHandler('work.v1')
      work(): void {}
      @JobHandler('nothing.v1')
      nothing(): void {}
    }
    await expect(startWith([Incomplete], connection)).rejects.toThrow(
      'the job handlers are not complete: no handler for once.v1; no handler for short.v1; nothing.v1 is no job of these queues',
    );
  });

  it('when a job has two handlers', async () => {
    class Handlers {
      @JobHandler('work.v1')
      work(): void {}
      @JobHandler('once.v1')
      once(): void {}
      @JobHandler('short.v1')
      short(): void {}
    }
    @Controller()
    class First extends Handlers {}
    @Controller()
    class Second {
      @JobHandler('work.v1')
      again(): void {}
    }
    await expect(startWith([First, Second], connection)).rejects.toThrow('more than one handler for work.v1');
  });

  it('when a handler would hide its errors from the queue', async () => {
    @Controller()
    class Plain {
      @JobHandler('work.v1')
      work(): void {}
      @JobHandler('once.v1')
      once(): void {}
      @EventPattern('short.v1')
      short(_data: unknown): void {}
    }
    await expect(startWith([Plain], connection)).rejects.toThrow(
      'the handler of short.v1 is not declared with @JobHandler',
    );
  });
});

describe('stopping (F3)', () => {
  it('waits for what runs and takes no more', async () => {
    const events: string[] = [];
    let finish: () => void = () => undefined;
    const { app } = await startConsumer(
      connection,
      async (data) => {
        events.push(`start ${data.step}`);
        await new Promise<void>((resolve) => (finish = resolve));
        events.push(`end ${data.step}`);
      },
      { concurrency: 1 },
    );
    await producer.producer.publish([message('work.v1', 'first'), message('work.v1', 'second')]);
    await eventually('the first run', () => events.length === 1);
    const closed = app.close().then(() => events.push('closed'));
    finish();
    await closed;
    expect(events).toEqual(['start first', 'end first', 'closed']);
    expect(await producer.producer.depth('work')).toMatchObject({ waiting: 1, active: 0, failed: 0 });
  });

  it('hands back what does not finish in time, as often as it takes, without burning an attempt', async () => {
    const sent = message('once.v1');
    await producer.producer.publish([sent]);
    for (let stop = 0; stop < 3; stop += 1) {
      let signal: AbortSignal | undefined;
      const { app } = await startConsumer(
        connection,
        (_, context) => {
          signal = context.run.signal;
          return new Promise(() => undefined);
        },
        { shutdownGraceSec: 0.1 },
      );
      await eventually('the run', () => signal);
      await app.close();
      expect(signal?.aborted).toBe(true);
      expect(await producer.queue.getJobState(sent.id)).toBe('waiting');
    }
    const failedRuns: number[] = [];
    await consume((_, context) => void failedRuns.push(context.run.failedRuns));
    await gone(sent.id);
    expect(failedRuns).toEqual([0]);
  });

  it('pauses and resumes', async () => {
    let runs = 0;
    const { strategy } = await consume(() => void (runs += 1));
    await strategy.pause('work');
    const sent = message();
    await producer.producer.publish([sent]);
    expect(await producer.producer.depth('work')).toMatchObject({ waiting: 1 });
    await strategy.resume('work');
    await gone(sent.id);
    expect(runs).toBe(1);
  });
});
