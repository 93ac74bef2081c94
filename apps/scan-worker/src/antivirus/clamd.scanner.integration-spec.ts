import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ClamdProcess, EICAR, FaultProxy, eventually, virusScannerConformance } from '@custody/testing';
import { CLAMD_DEFAULTS, ClamdScanner, type ClamdOptions } from './clamd.scanner.js';
import { ScannerUnavailable, type ScanVerdict } from './virus-scanner.js';

const forever = new AbortController().signal;
const chunk = Buffer.alloc(64 * 1024, 'x');

let clamd: ClamdProcess;
let proxy: FaultProxy;
beforeAll(async () => {
  clamd = await ClamdProcess.start();
  proxy = await FaultProxy.listen(clamd);
}, 40_000);
afterAll(async () => {
  await proxy.close();
  await clamd.stop();
});

function scannerAt(address: { port: number }, options: Partial<ClamdOptions> = {}): ClamdScanner {
  return new ClamdScanner({
    ...CLAMD_DEFAULTS,
    probeDelaysMs: [20],
    host: '127.0.0.1',
    port: address.port,
    ...options,
  });
}

async function feed(scanner: ClamdScanner, chunks: Uint8Array[], signal = forever): Promise<ScanVerdict> {
  const session = await scanner.open(signal);
  for (const each of chunks) await session.write(each);
  return session.end();
}

describe('against the real clamd', () => {
  virusScannerConformance(() => scannerAt(clamd));

  it('calls what is over MaxFileSize unscannable (S14)', async () => {
    const chunks = Array.from({ length: 100 }, () => chunk);
    const verdict = await feed(scannerAt(clamd), chunks);
    expect(verdict).toMatchObject({ kind: 'unscannable', reason: 'limits' });
  });

  it('stops by itself at the stream limit and keeps counting', async () => {
    const scanner = scannerAt(clamd, { maxStreamBytes: 1_000 });
    const session = await scanner.open(forever);
    await session.write(Buffer.alloc(1_001));
    expect(session.settled).toEqual({ kind: 'unscannable', reason: 'too_large' });
    await session.write(Buffer.alloc(1_001));
    expect(await session.end()).toEqual({ kind: 'unscannable', reason: 'too_large' });
  });

  it('never calls a stream over StreamMaxLength clean, even when the answer is lost behind the reset', async () => {
    const chunks = Array.from({ length: 400 }, () => chunk);
    const verdict = await feed(scannerAt(clamd), chunks);
    expect([verdict.kind, 'reason' in verdict && verdict.reason].join(' ')).toMatch(
      /^(unscannable too_large|retry connection_lost)$/,
    );
  });

  it('survives a reload in mid-stream (F11)', async () => {
    const session = await scannerAt(clamd).open(forever);
    await session.write(chunk);
    expect(await clamd.ask('RELOAD')).toBe('RELOADING');
    await session.write(Buffer.from(EICAR));
    expect(await session.end()).toMatchObject({ kind: 'infected' });
  });

  it('answers VERSION while every thread is taken', async () => {
    const scanner = scannerAt(clamd);
    const open = await Promise.all([1, 2, 3, 4].map(() => scanner.open(forever)));
    for (const session of open) await session.write(chunk);
    expect(await scanner.version(forever)).toEqual({ engine: expect.stringMatching(/^ClamAV \d/) as string });
    for (const session of open) session.close();
  });
});

describe('the places in the engine', () => {
  it('are as many as clamd has threads, whatever we would like', async () => {
    const scanner = scannerAt(proxy, { concurrency: 50 });
    const open = await Promise.all([1, 2, 3, 4].map(() => scanner.open(forever)));
    let fifth = false;
    const waiting = scanner.open(forever).then((session) => ((fifth = true), session));
    await scanner.version(forever);
    expect(fifth).toBe(false);
    open[0]?.close();
    (await waiting).close();
    open.forEach((session) => session.close());
  });

  it('are given up by whoever stops waiting', async () => {
    const scanner = scannerAt(clamd, { concurrency: 1 });
    const first = await scanner.open(forever);
    const controller = new AbortController();
    const second = scanner.open(controller.signal);
    controller.abort(new Error('enough'));
    await expect(second).rejects.toThrow('enough');
    first.close();
    expect(await feed(scanner, [chunk])).toMatchObject({ kind: 'clean' });
  });
});

describe('a connection that breaks (F11, S15)', () => {
  afterEach(() => {
    proxy.fault = { kind: 'none' };
  });

  it.each([
    ['a reset in mid-stream', { kind: 'reset', direction: 'toServer', afterBytes: 200_000 }],
    ['a cut in mid-stream', { kind: 'cut', direction: 'toServer', afterBytes: 200_000 }],
    ['an answer cut after `stream: OK`', { kind: 'cut', direction: 'toClient', afterBytes: 10 }],
    ['an answer cut after `str`', { kind: 'cut', direction: 'toClient', afterBytes: 3 }],
    ['a reset instead of the answer', { kind: 'reset', direction: 'toClient', afterBytes: 1 }],
  ] as const)('is a retry: %s', async (_, fault) => {
    const scanner = scannerAt(proxy, { failureThreshold: 10 });
    await feed(scanner, [chunk]); // learns the threads while the line is good
    proxy.fault = fault;
    const verdict = await feed(
      scanner,
      Array.from({ length: 20 }, () => chunk),
    );
    expect(verdict).toMatchObject({ kind: 'retry', reason: 'connection_lost' });
  });

  it('is unavailable while clamd hangs: the kernel accepts, nobody answers', async () => {
    clamd.freeze();
    try {
      const scanner = scannerAt(clamd, { connectTimeoutMs: 200 });
      await expect(scanner.open(forever)).rejects.toBeInstanceOf(ScannerUnavailable);
      await expect(scanner.version(forever)).rejects.toBeInstanceOf(ScannerUnavailable);
    } finally {
      clamd.thaw();
    }
  });

  it('hits the reply deadline when no answer comes', async () => {
    const scanner = scannerAt(proxy, { replyTimeoutMs: 200 });
    await feed(scanner, [chunk]);
    proxy.fault = { kind: 'blackHole', direction: 'toClient', afterBytes: 0 };
    expect(await feed(scanner, [chunk])).toMatchObject({ kind: 'retry', reason: 'deadline' });
    // The engine scans when it has all bytes: half a second more for each MiB of them.
    const large = Buffer.alloc(1024 ** 2);
    expect(await feed(scanner, [large])).toMatchObject({
      reason: 'deadline',
      detail: expect.stringContaining('700 ms'),
    });
  });

  it('is a retry when clamd is killed in mid-stream, and clean once it is back (F10)', async () => {
    const scanner = scannerAt(clamd, { failureThreshold: 1 });
    const session = await scanner.open(forever);
    await session.write(chunk);
    await clamd.kill();
    await session.write(chunk);
    expect(await session.end()).toMatchObject({ kind: 'retry', reason: 'connection_lost' });
    expect(scanner.available).toBe(false);
    await expect(scanner.open(forever)).rejects.toBeInstanceOf(ScannerUnavailable);

    const waiting = Promise.all([scanner.whenAvailable(forever), scanner.whenAvailable(forever)]);
    const impatient = new AbortController();
    const given = scanner.whenAvailable(impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await clamd.run();
    await waiting;
    expect(await feed(scanner, [chunk])).toMatchObject({ kind: 'clean' });
  }, 40_000);

  it('burns nothing while nobody listens: it opens the circuit after the threshold (F10)', async () => {
    proxy.fault = { kind: 'refuse' };
    const scanner = scannerAt(proxy, { failureThreshold: 3 });
    for (let i = 0; i < 3; i += 1) {
      expect(scanner.available).toBe(true);
      await expect(scanner.open(forever)).rejects.toBeInstanceOf(ScannerUnavailable);
    }
    expect(scanner.available).toBe(false);
    const before = proxy.accepted;
    await expect(scanner.open(forever)).rejects.toBeInstanceOf(ScannerUnavailable);
    expect(proxy.accepted).toBe(before);
    const waiting = scanner.whenAvailable(forever);
    await eventually('two probes were refused', () => proxy.accepted >= before + 2);
    proxy.fault = { kind: 'none' };
    await waiting;
    expect(scanner.available).toBe(true);
  });
});

/** Replies no real engine gives; the transport is real. */
describe('an engine that answers wrongly (S15)', () => {
  let server: Server;
  let answer: (socket: Socket) => void;
  beforeAll(async () => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (data: Buffer) => (data.includes('STATS') ? socket.end('END\0') : answer(socket)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  const rogue = (options: Partial<ClamdOptions> = {}) => scannerAt(server.address() as AddressInfo, options);

  it('is a retry when OK comes before the last byte', async () => {
    answer = (socket) => socket.end('stream: OK\0');
    const session = await rogue().open(forever);
    await session.write(chunk);
    await eventually('the answer has come', () => session.settled);
    await session.write(chunk);
    expect(await session.end()).toMatchObject({ kind: 'retry', reason: 'protocol' });
  });

  it.each([
    ['nothing', ''],
    ['OK without the terminator', 'stream: OK'],
    ['OK twice', 'stream: OK\0stream: OK\0'],
    ['something of another protocol', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['far too much', 'x'.repeat(5_000)],
  ])('is a retry when it says %s', async (_, text) => {
    answer = (socket) => socket.on('data', () => undefined).once('data', () => socket.end(text));
    expect(await feed(rogue(), [chunk])).toMatchObject({ kind: 'retry' });
  });

  it('stops taking bytes: idle deadline', async () => {
    answer = (socket) => socket.pause();
    const verdict = await feed(
      rogue({ idleTimeoutMs: 100 }),
      Array.from({ length: 200 }, () => chunk),
    );
    expect(verdict).toMatchObject({ kind: 'retry', reason: 'deadline' });
  });

  it('is told when the caller gives up while it holds the line', async () => {
    answer = (socket) => socket.pause();
    const controller = new AbortController();
    const session = await rogue().open(controller.signal);
    const writing = (async () => {
      for (;;) await session.write(chunk);
    })();
    setImmediate(() => controller.abort(new Error('enough')));
    await expect(writing).rejects.toThrow('enough');
    await expect(session.end()).rejects.toThrow('enough');
  });
});
