import fc from 'fast-check';
import type { ScanSession, ScanVerdict } from '../antivirus/virus-scanner.js';
import { MemberFeed, NotClean } from './member-feed.js';

const forever = new AbortController().signal;

/** An engine that keeps what it was given and finds one pattern. */
class RecordingEngine {
  readonly streams: Buffer[] = [];

  constructor(private readonly pattern?: Buffer) {}

  open(): Promise<ScanSession> {
    const index = this.streams.push(Buffer.alloc(0)) - 1;
    const end = async (): Promise<ScanVerdict> => {
      const bytes = this.streams[index] as Buffer;
      return this.pattern !== undefined && bytes.includes(this.pattern)
        ? { kind: 'infected', signature: 'pattern' }
        : { kind: 'clean', bytes: bytes.length, coverage: 'full' };
    };
    return Promise.resolve({
      settled: undefined,
      write: async (chunk) => {
        this.streams[index] = Buffer.concat([this.streams[index] as Buffer, chunk]);
      },
      end,
      close: () => undefined,
    });
  }
}

async function* chunksOf(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** Feeds all of it and says what the engine was given and which windows were reported. */
async function feed(
  bytes: Buffer,
  limits: { maxStreamBytes: number; windowOverlapBytes: number },
  { from = 0, chunkBytes = 100, engine = new RecordingEngine() } = {},
) {
  const done: number[] = [];
  const windowDone = (offset: number) => Promise.resolve(void done.push(offset));
  const one = new MemberFeed(engine, limits, from, windowDone, forever);
  const passed: Buffer[] = [];
  for await (const chunk of one.through(chunksOf(bytes, chunkBytes))) passed.push(chunk);
  await one.end();
  return { streams: engine.streams, done, passed: Buffer.concat(passed), windows: one.windows };
}

/** No four bytes of it are alike. */
const counted = (size: number) => {
  const bytes = Buffer.alloc(Math.ceil(size / 4) * 4);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32BE(at, at);
  return bytes.subarray(0, size);
};

describe('S12 S13 a file out of an archive', () => {
  it('goes to the engine in one piece when it fits', async () => {
    const bytes = counted(1_000);
    const { streams, done, windows, passed } = await feed(bytes, { maxStreamBytes: 1_000, windowOverlapBytes: 100 });
    expect([streams, done, windows, passed]).toEqual([[bytes], [], 0, bytes]);
    expect((await feed(Buffer.alloc(0), { maxStreamBytes: 10, windowOverlapBytes: 1 })).streams).toEqual([]);
  });

  it('otherwise in windows that hold whole whatever fits into the overlap, from wherever it goes on', async () => {
    const numbers = fc.record({
      size: fc.integer({ min: 1, max: 5_000 }),
      maxStreamBytes: fc.integer({ min: 40, max: 2_000 }),
      windowOverlapBytes: fc.integer({ min: 1, max: 700 }),
      chunkBytes: fc.integer({ min: 1, max: 900 }),
      seed: fc.nat(),
      part: fc.integer({ min: 0, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(numbers, async ({ size, chunkBytes, seed, part, ...limits }) => {
        const bytes = counted(size);
        const ends = (await feed(bytes, limits, { chunkBytes })).done;
        const from = ends[part] ?? 0;
        const { streams, done, passed } = await feed(bytes, limits, { chunkBytes, from });
        expect(passed).toEqual(bytes);
        expect(done).toEqual(ends.filter((end) => end > from));
        expect(streams.every(({ length }) => length <= limits.maxStreamBytes)).toBe(true);
        const overlap = Math.min(limits.windowOverlapBytes, Math.floor(limits.maxStreamBytes / 4));
        const start = seed % size;
        const needle = bytes.subarray(start, Math.min(start + overlap, size));
        if (start + needle.length > from) expect(streams.some((stream) => stream.includes(needle))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('is over with the first window that is not clean', async () => {
    const bytes = counted(4_000);
    const engine = new RecordingEngine(bytes.subarray(1_200, 1_230));
    const limits = { maxStreamBytes: 1_000, windowOverlapBytes: 100 };
    await expect(feed(bytes, limits, { engine })).rejects.toThrow(NotClean);
    expect(engine.streams).toHaveLength(2);
  });
});
