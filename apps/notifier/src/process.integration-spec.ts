import 'reflect-metadata';
import { AppProcess, eventually } from '@custody/testing';
import { NotifierBench } from './notifier.fixture.js';
import { Sink } from './sink.fixture.js';

describe('the built notifier', () => {
  let bench: NotifierBench;
  let sink: Sink;
  const children: AppProcess[] = [];

  beforeAll(async () => {
    [bench, sink] = await Promise.all([NotifierBench.open(), Sink.open()]);
    await eventually('Redis', () =>
      bench.producer.ping().then(
        () => true,
        () => false,
      ),
    );
  }, 30_000);
  afterAll(async () => {
    await Promise.all(children.map((child) => child.kill()));
    await Promise.all([bench.close(), sink.close()]);
  }, 30_000);

  async function start(): Promise<AppProcess> {
    const { PORT: _free, ...env } = bench.env({ NOTIFY_SINK_URL: `http://127.0.0.1:${sink.port}/token-in-the-path` });
    const child = await AppProcess.spawn('notifier', env);
    children.push(child);
    return child;
  }

  it('F3 killed while delivering, another delivers; logs ids only; ends when asked', async () => {
    const event = await bench.event();
    const first = await start();
    sink.answers.push({ status: 503, headers: { 'retry-after': '1' } });
    await bench.publish(event);
    await eventually('the first attempt', () => sink.received.length === 1, 20_000);
    await first.kill();
    const second = await start();
    await eventually('the delivery', () => bench.isComplete(event), 20_000);
    expect(new Set(sink.received.map(({ event: { id } }) => id))).toEqual(new Set([event.id]));
    second.signal('SIGTERM');
    await second.ended();
    const output = first.output + second.output;
    expect(output).toContain(event.id);
    expect(output).not.toMatch(/secret name|token-in-the-path|"level":"(error|fatal)"/);
  }, 60_000);
});
