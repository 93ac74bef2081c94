import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@custody/testing';
import { NotifierBench } from './notifier.fixture.js';
import { Sink } from './sink.fixture.js';

const MAIN = join(import.meta.dirname, '../dist/main.js');

describe('the built notifier', () => {
  let bench: NotifierBench;
  let sink: Sink;
  const children: ChildProcess[] = [];
  let output = '';

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
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([bench.close(), sink.close()]);
  }, 30_000);

  function start(): ChildProcess {
    const env = {
      PATH: process.env['PATH'],
      ...bench.env({ NOTIFY_SINK_URL: `http://127.0.0.1:${sink.port}/token-in-the-path` }),
    };
    const child = spawn(process.execPath, [MAIN], { env });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    children.push(child);
    return child;
  }

  it('F3 killed while delivering, another delivers; logs ids only; ends when asked', async () => {
    const event = await bench.event();
    const first = start();
    sink.answers.push({ status: 503, headers: { 'retry-after': '1' } });
    await bench.publish(event);
    await eventually('the first attempt', () => sink.received.length === 1, 20_000);
    first.kill('SIGKILL');
    const second = start();
    await eventually('the delivery', () => bench.isComplete(event), 20_000);
    expect(new Set(sink.received.map(({ event: { id } }) => id))).toEqual(new Set([event.id]));
    second.kill('SIGTERM');
    await once(second, 'exit');
    expect(output).toContain(event.id);
    expect(output).not.toMatch(/secret name|token-in-the-path|"level":"(error|fatal)"/);
  }, 60_000);
});
