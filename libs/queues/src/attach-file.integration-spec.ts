import { randomUUID } from 'node:crypto';
import type { AttachFilePayload } from '@custody/contracts';
import { eventually, startRedisServer, type RedisServer } from '@custody/testing';
import { Queue } from 'bullmq';
import { AttachFileProducer, InvalidMessage, QueueUnavailable } from './index.js';
import { connectionTo } from './queues.fixture.js';

describe('attach events from other services', () => {
  let redis: RedisServer;
  let producer: AttachFileProducer;
  let queue: Queue;
  let connection: ReturnType<typeof connectionTo>;

  beforeEach(async () => {
    redis = await startRedisServer();
    connection = connectionTo(redis.url);
    producer = AttachFileProducer.open(connection);
    queue = new Queue('attach-file', { prefix: connection.prefix, connection: { url: redis.url } });
    queue.on('error', () => undefined);
    await queue.waitUntilReady();
  });
  afterEach(async () => {
    await Promise.all([producer.close(), queue.close()]);
    await redis.kill();
  });

  const event = (): AttachFilePayload => ({
    eventId: randomUUID(),
    tenantId: randomUUID(),
    fileId: randomUUID(),
    subject: { type: 'case', id: 'A-1' },
    actorId: randomUUID(),
    occurredAt: new Date().toISOString(),
  });
  const publish = (one: AttachFilePayload) =>
    eventually('Redis takes the event', () =>
      producer.publish(one, { requestId: 'r-1' }).then(
        () => true,
        (error: unknown) => {
          if (error instanceof QueueUnavailable) return false;
          throw error;
        },
      ),
    );

  it('M44 wait in Redis under their own id, once however often they are published', async () => {
    const one = event();
    await publish(one);
    await publish(one);
    const [job, ...more] = await queue.getWaiting();
    expect(more).toEqual([]);
    expect(job).toMatchObject({
      id: one.eventId,
      name: 'attach-file.v1',
      data: { ...one, meta: { requestId: 'r-1' } },
    });
  });

  it('M44 are refused before they are sent when no consumer could take them, and when Redis is away', async () => {
    const wrong = { ...event(), subject: { type: 'Not a type', id: '' } };
    await expect(producer.publish(wrong)).rejects.toBeInstanceOf(InvalidMessage);
    await redis.kill();
    await expect(producer.publish(event())).rejects.toBeInstanceOf(QueueUnavailable);
    await redis.start();
    await publish(event());
  });
});
