import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { buildTar, buildZip, ClamdProcess, EICAR } from '@custody/testing';
import { CLAMD_DEFAULTS, ClamdScanner } from '../antivirus/clamd.scanner.js';
import { scanOnce } from '../antivirus/scan-pass.js';
import { inspectArchive } from './inspect-archive.js';
import { INSPECTION_DEFAULTS } from './inspection.js';

const MEMBER_LIMIT = 5 * 2 ** 20;
const forever = new AbortController().signal;
const virus = Buffer.from(EICAR, 'latin1');
const padded = Buffer.concat([Buffer.alloc(MEMBER_LIMIT), virus]);
let clamd: ClamdProcess;
beforeAll(async () => {
  clamd = await ClamdProcess.start({ MaxFileSize: '5M', MaxScanSize: '20M', MaxRecursion: '8' });
}, 40_000);
afterAll(() => clamd.stop());

async function engine(bytes: Buffer, port = clamd.port): Promise<unknown> {
  const scanner = new ClamdScanner({ ...CLAMD_DEFAULTS, host: clamd.host, port });
  return (await scanOnce(scanner, async () => chunks(bytes), bytes.length, forever)).verdict;
}
async function* chunks(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
function inspect(bytes: Buffer): Promise<unknown> {
  const file = { size: bytes.length, read: async (at: number, length: number) => bytes.subarray(at, at + length) };
  const limits = { ...INSPECTION_DEFAULTS, maxMemberBytes: MEMBER_LIMIT, scratchDirectory: tmpdir() };
  return inspectArchive(file, limits, forever);
}
const zipped = (data: Buffer, name = 'a.bin') => buildZip([{ name, data }]);
const docx = buildZip([
  { name: '[Content_Types].xml', data: Buffer.from('<Types/>') },
  { name: 'word/document.xml', data: Buffer.from('<w:document/>') },
  { name: 'word/embeddings/oleObject1.bin', data: virus },
]);

describe('EICAR is found (S11)', () => {
  it.each([
    ['plain', virus],
    ['in a zip', zipped(virus)],
    ['in a zip in a zip', zipped(zipped(virus))],
    ['in a docx', docx],
    ['in a tar.gz', gzipSync(buildTar([{ name: 'a', data: virus }]))],
  ])('%s', async (_, bytes) => {
    expect(await engine(bytes)).toMatchObject({ kind: 'infected' });
  });
});

describe('what the engine passes in silence, the inspection holds (S13)', () => {
  it.each([
    ['a zip member over the limit', zipped(padded), 'archive_member_size'],
    ['the same in a zip', zipped(zipped(padded)), 'archive_member_size'],
    ['the same in a tar.gz', gzipSync(buildTar([{ name: 'a.zip', data: zipped(padded) }])), 'archive_member_size'],
  ])('%s', async (_, bytes, reason) => {
    expect(await engine(bytes)).toMatchObject({ kind: 'clean' });
    expect(await inspect(bytes)).toMatchObject({ kind: 'unscannable', reason });
  });

  it('closes at the engine too when MaxScanSize is no more than MaxFileSize', async () => {
    const strict = await ClamdProcess.start({ MaxFileSize: '5M', MaxScanSize: '5M' });
    try {
      const verdict = await engine(zipped(zipped(padded)), strict.port);
      expect(verdict).toMatchObject({ kind: 'unscannable', reason: 'limits' });
      // What windows over a large archive rest on: a signature in the bytes outranks the limit, behind it as well.
      const noise = randomBytes(MEMBER_LIMIT + 2 ** 20);
      for (const archive of [gzipSync(noise), buildTar([{ name: 'a', data: noise }])]) {
        const window = archive.subarray(0, MEMBER_LIMIT - 2 ** 20);
        expect(await engine(window, strict.port)).toMatchObject({ kind: 'unscannable', reason: 'limits' });
        for (const offset of [2_000, window.length / 2, window.length - virus.length].map(Math.floor)) {
          const hidden = Buffer.from(window);
          virus.copy(hidden, offset);
          expect(await engine(hidden, strict.port)).toMatchObject({ kind: 'infected' });
        }
      }
    } finally {
      await strict.stop();
    }
  }, 40_000);
});

describe('what the engine refuses to look at is unscannable (S14)', () => {
  const nested = Array.from({ length: 10 }).reduce((inner: Buffer) => zipped(inner), virus);
  it.each([
    ['an encrypted zip', buildZip([{ name: 'a', data: Buffer.alloc(64, 7), method: 0, flags: 1 }]), 'encrypted'],
    ['a gz over the limit', gzipSync(padded), 'limits'],
    ['too many levels', nested, 'limits'],
  ])('%s', async (_, bytes, reason) => {
    expect(await engine(bytes)).toMatchObject({ kind: 'unscannable', reason });
  });
});
