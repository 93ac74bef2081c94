import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { eventually } from '@custody/testing';
import type { INestApplication } from '@nestjs/common';
import { NotifierBench } from '../notifier.fixture.js';
import { Sink } from '../sink.fixture.js';

describe('the notifier', () => {
  let bench: NotifierBench;
  let sink: Sink;
  let notifier: INestApplication | undefined;

  beforeAll(async () => {
    bench = await NotifierBench.open();
    await eventually('Redis', () =>
      bench.producer.ping().then(
        () => true,
        () => false,
      ),
    );
  }, 30_000);
  afterAll(() => bench.close(), 30_000);
  beforeEach(async () => {
    sink = await Sink.open();
  });
  afterEach(async () => {
    if (notifier !== undefined) await bench.stop(notifier);
    notifier = undefined;
    await sink.close();
  });

  const address = () => `http://127.0.0.1:${sink.port}/events`;
  const start = async (overrides: Record<string, string> = {}) =>
    (notifier = await bench.notifier({ NOTIFY_SINK_URL: address(), NOTIFY_TIMEOUT_SEC: '1', ...overrides }));
  const failed = async () => (await bench.producer.depth('notify')).failed;

  it('M45 posts a CloudEvent, notes the delivery, and sends nothing when the job comes again', async () => {
    await start({ NOTIFY_SINK_URL: `http://us%20er:pass@127.0.0.1:${sink.port}/events` });
    const event = await bench.event();
    await bench.publish(event);
    await eventually('the delivery', () => bench.isComplete(event));
    expect(sink.received).toEqual([
      {
        contentType: 'application/cloudevents+json; charset=UTF-8',
        authorization: `Basic ${Buffer.from('us er:pass').toString('base64')}`,
        event: expect.objectContaining({
          specversion: '1.0',
          id: event.id,
          type: 'notify.notification.sent',
          tenantid: event.tenantId,
          subject: event.fileId,
          data: expect.objectContaining({ notification: 'file.expired', fileId: event.fileId }),
        }),
      },
    ]);
    await bench.publish(event);
    const again = await bench.event();
    await bench.publish(again);
    await eventually('the next delivery', () => bench.isComplete(again));
    expect(sink.received.map(({ event: { id } }) => id)).toEqual([event.id, again.id]);
    expect(await bench.deliveriesOf(event)).toEqual([
      { destination: 'log', attempts: 1, last_error: null, delivered: true },
      { destination: 'sink', attempts: 1, last_error: null, delivered: true },
      { destination: 'webhooks', attempts: 1, last_error: null, delivered: true },
    ]);
  }, 30_000);

  it('M45 delivers once the receiver is back, under the same id, and logs only once meanwhile', async () => {
    await start();
    sink.answers.push({ status: 500 }, { status: 302, headers: { location: address() } });
    const event = await bench.event();
    await bench.publish(event);
    await eventually('the delivery', () => bench.isComplete(event), 20_000);
    expect(sink.received.map(({ event: { id } }) => id)).toEqual([event.id, event.id, event.id]);
    expect(await bench.deliveriesOf(event)).toMatchObject([
      { destination: 'log', attempts: 1 },
      { destination: 'sink', attempts: 3, delivered: true },
      { destination: 'webhooks', attempts: 1, delivered: true },
    ]);
  }, 30_000);

  it('waits as long as the receiver asks without burning an attempt', async () => {
    await start({ NOTIFY_MAX_ATTEMPTS: '1' });
    sink.answers.push(
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 503, headers: { 'retry-after': '0' } },
    );
    const event = await bench.event();
    await bench.publish(event);
    await eventually('the delivery', () => bench.isComplete(event), 20_000);
    expect(sink.received).toHaveLength(3);
  }, 30_000);

  it('gives up after the last attempt: failed set, the reason in the row, no address in it', async () => {
    const before = await failed();
    await start({ NOTIFY_MAX_ATTEMPTS: '1', NOTIFY_SINK_URL: 'http://127.0.0.1:1/secret-path' });
    const event = await bench.event();
    await bench.publish(event);
    await eventually('the failed set', async () => (await failed()) === before + 1);
    expect(await bench.deliveriesOf(event)).toMatchObject([
      { destination: 'log', delivered: true },
      { destination: 'sink', attempts: 1, delivered: false, last_error: expect.stringMatching(/^not reachable: \w+$/) },
      { destination: 'webhooks', delivered: true },
    ]);
    expect(await bench.isComplete(event)).toBe(false);
  }, 30_000);

  it('poison: unknown and forged jobs end in the failed set and hold up nothing', async () => {
    const before = await failed();
    await start();
    const event = await bench.event();
    await bench.producer.publish([
      { id: randomUUID(), name: 'notification.v1', payload: { id: 'no event' } },
      { id: randomUUID(), name: 'unheard-of.v1', payload: {} },
    ]);
    await bench.publish(event);
    await eventually('the delivery', () => bench.isComplete(event));
    await eventually('the failed set', async () => (await failed()) === before + 2);
    expect(sink.received).toHaveLength(1);
  }, 30_000);

  it('without a receiver an event is logged and done', async () => {
    notifier = await bench.notifier();
    const event = await bench.event();
    await bench.publish(event);
    await eventually('the delivery', () => bench.isComplete(event));
    expect(await bench.deliveriesOf(event)).toMatchObject([
      { destination: 'log', delivered: true },
      { destination: 'webhooks', delivered: true },
    ]);
  }, 30_000);
});
