import { createHash, randomBytes } from 'node:crypto';
import { ClamdProcess, EICAR } from '@custody/testing';
import { CLAMD_DEFAULTS, ClamdScanner } from './clamd.scanner.js';
import { scanOnce } from './scan-pass.js';

const forever = new AbortController().signal;
let clamd: ClamdProcess;
let scanner: ClamdScanner;
beforeAll(async () => {
  clamd = await ClamdProcess.start({ StreamMaxLength: '400M', MaxFileSize: '400M', MaxScanSize: '400M' });
  scanner = new ClamdScanner({ ...CLAMD_DEFAULTS, host: clamd.host, port: clamd.port });
}, 40_000);
afterAll(() => clamd.stop());

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const pass = (bytes: Buffer, expected = bytes.length, size = 1_000) =>
  scanOnce(scanner, async () => chunksOf(bytes, size), expected, forever);

describe('one pass', () => {
  it('hashes, counts, scans and keeps the head of the same bytes', async () => {
    const bytes = Buffer.concat([Buffer.alloc(10_000, 'a'), Buffer.from(EICAR)]);
    const result = await pass(bytes);
    expect(result).toEqual({
      verdict: { kind: 'infected', signature: expect.stringContaining('Eicar') as string },
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      head: bytes,
      tail: bytes,
    });
  });

  it.each([65_536, 65_557, 65_558, 200_000])('keeps the first and the last 64 KB of %i bytes', async (size) => {
    const bytes = randomBytes(size);
    const { head, tail } = await pass(bytes, undefined, 1_500);
    expect(bytes.subarray(0, 65_536).equals(head)).toBe(true);
    expect(bytes.subarray(-65_557).equals(tail)).toBe(true);
  });

  it.each([0, 1, 5, 4100])('knows the head of a file of %i bytes', async (size) => {
    const result = await pass(Buffer.alloc(size, 'b'));
    expect(result).toMatchObject({ verdict: { kind: 'clean' }, bytes: size });
    expect(result.head).toHaveLength(size);
  });

  it('gives no verdict on fewer or more bytes than were pinned (I10)', async () => {
    const bytes = Buffer.from(`${EICAR} and more`);
    for (const expected of [bytes.length + 1, bytes.length - 1]) {
      const result = await pass(bytes, expected);
      expect(result).toMatchObject({ verdict: { kind: 'retry', reason: 'incomplete' } });
      expect(result.sha256).toBeUndefined();
    }
  });

  it('passes on the error of the source and frees the place', async () => {
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from('first');
      throw new Error('the store hung up');
    };
    for (let i = 0; i < 10; i += 1) {
      await expect(scanOnce(scanner, async () => broken(), 10, forever)).rejects.toThrow('the store hung up');
    }
    expect((await pass(Buffer.from('fine'))).verdict.kind).toBe('clean');
  });

  it('streams 300 MB in flat memory', async () => {
    const size = 300 * 2 ** 20;
    // The same few chunks over and over: the source leaves no garbage, what grows is ours.
    const chunks = Array.from({ length: 16 }, (_, i) => Buffer.alloc(65_536, i));
    const source = async function* (): AsyncGenerator<Buffer> {
      for (let at = 0; at < size; at += 65_536 * chunks.length) yield* chunks;
    };
    await pass(Buffer.alloc(8 * 2 ** 20), undefined, 65_536); // code and pools are warm
    const before = process.memoryUsage.rss();
    let peak = before;
    const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 10);
    const result = await scanOnce(scanner, async () => source(), size, forever);
    clearInterval(sampler);
    expect(result).toMatchObject({ verdict: { kind: 'clean', bytes: size }, bytes: size });
    expect((peak - before) / 2 ** 20).toBeLessThan(32);
  }, 60_000);
});
