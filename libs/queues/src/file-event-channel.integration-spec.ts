import { randomUUID } from 'node:crypto';
import { fileEventHint, type FileEventHint } from '@custody/contracts';
import { eventually, startRedisServer, type RedisServer } from '@custody/testing';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { FileEventChannel, QueuesModule } from './index.js';
import { catalogue, connectionTo, type Connection } from './queues.fixture.js';

let redis: RedisServer;
let connection: Connection;
const open: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  redis = await startRedisServer();
  connection = connectionTo(redis.url, 'test');
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
  await redis.kill();
});

async function channel(): Promise<FileEventChannel> {
  const app = await NestFactory.createApplicationContext(
    QueuesModule.forRootAsync({ catalogue, useFactory: () => connection }),
  );
  open.push(() => app.close());
  return app.get(FileEventChannel);
}

async function listening(): Promise<FileEventHint[]> {
  const heard: FileEventHint[] = [];
  (await channel()).listen((hint) => heard.push(hint));
  return heard;
}

const hint = (): FileEventHint => ({ tenantId: randomUUID(), fileId: randomUUID() });
const reaches = (from: FileEventChannel, heard: readonly FileEventHint[], sent = hint()) =>
  eventually('the hint is heard', () => {
    from.announce([sent]);
    return heard.some(({ fileId }) => fileId === sent.fileId);
  });

describe('hints about events', () => {
  it('reach every process that listens', async () => {
    const [one, other] = [await listening(), await listening()];
    const from = await channel();
    const sent = { ...hint(), fileId: null };
    await Promise.all([reaches(from, one), reaches(from, other)]);
    from.announce([sent]);
    await eventually('both heard it', () => [one, other].every((heard) => heard.some((it) => it.fileId === null)));
    expect(one.at(-1)).toEqual(sent);
  });

  it('are lost while Redis is away, and heard again after it', async () => {
    const heard = await listening();
    const from = await channel();
    await reaches(from, heard);
    await redis.kill();
    expect(() => from.announce([hint()])).not.toThrow();
    await redis.start();
    await reaches(from, heard);
  });

  it('are dropped when they are none', async () => {
    const heard = await listening();
    const from = await channel();
    await reaches(from, heard);
    const raw = new Redis(redis.url);
    for (const message of ['', 'no', '{"tenantId":1}']) await raw.publish('test:file-events', message);
    raw.disconnect();
    await reaches(from, heard);
    expect(heard.filter((one) => !fileEventHint.safeParse(one).success)).toEqual([]);
  });
});
