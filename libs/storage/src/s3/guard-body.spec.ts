import { Readable } from 'node:stream';
import { guardBody } from './guard-body.js';

const unavailable = (message: string) => ({ code: 'UNAVAILABLE', message: expect.stringContaining(message) });
const read = async (body: Readable) => Buffer.concat(await body.toArray()).toString();

/** A source that keeps silent after its chunks. */
function silentAfter(...chunks: string[]): Readable {
  const source = new Readable({ read() {} });
  for (const chunk of chunks) source.push(chunk);
  return source;
}

describe('guardBody', () => {
  it('passes exactly the announced bytes on', async () => {
    expect(await read(guardBody(Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3, 1_000))).toBe('abc');
    expect(await read(guardBody(Readable.from([]), 0, 1_000))).toBe('');
  });

  it('never takes an early end for the end', async () => {
    const body = guardBody(Readable.from([Buffer.from('ab')]), 3, 1_000);
    await expect(read(body)).rejects.toMatchObject(unavailable('ended after 2 of 3'));
  });

  it('fails on more bytes than announced', async () => {
    const body = guardBody(Readable.from([Buffer.from('abcd')]), 3, 1_000);
    await expect(read(body)).rejects.toMatchObject(unavailable('more bytes'));
  });

  it('fails on silence while the reader waits', async () => {
    await expect(read(guardBody(silentAfter('ab'), 3, 30))).rejects.toMatchObject(unavailable('no byte for 30 ms'));
  });

  it('fails when the source is closed or breaks', async () => {
    const closed = silentAfter('a');
    const body = guardBody(closed, 3, 5_000);
    closed.once('pause', () => undefined).once('data', () => closed.destroy());
    await expect(read(body)).rejects.toMatchObject({ code: 'UNAVAILABLE' });

    const broken = silentAfter('a');
    const other = guardBody(broken, 3, 5_000);
    broken.once('data', () => broken.destroy(Object.assign(new Error('socket'), { code: 'ECONNRESET' })));
    await expect(read(other)).rejects.toMatchObject(unavailable('ECONNRESET'));
  });

  it('holds back a source that is faster than its reader and lets go of it when destroyed', async () => {
    let produced = 0;
    const source = new Readable({
      read() {
        produced += 65_536;
        this.push(Buffer.alloc(65_536));
      },
    });
    const body = guardBody(source, 1024 ** 3, 1_000);
    await new Promise((resolve) => body.once('readable', resolve));
    expect(produced).toBeLessThan(1024 ** 2);
    body.destroy();
    await new Promise((resolve) => source.once('close', resolve));
    expect(source.destroyed).toBe(true);
  });
});
