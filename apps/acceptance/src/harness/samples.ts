import { createHash, randomBytes } from 'node:crypto';
import { deflateSync, crc32 } from 'node:zlib';

/** The EICAR test file (eicar.org), put together here so that no source carries it. */
export function eicar(): Buffer {
  return Buffer.from(
    ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR', '-STANDARD-', 'ANTIVIRUS-TEST-FILE', '!$H+H*'].join(''),
  );
}

export function textFile(words = 'the quick brown fox'): Buffer {
  return Buffer.from(`${words} ${randomBytes(8).toString('hex')}\n`);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG of these dimensions (8-bit grey) with `data` as its filtered rows; without, it only claims them. */
export function pngHeader(width: number, height: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    PNG_SIGNATURE,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(data)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A valid 8-bit grey PNG of random pixels (PNG specification, section 5). */
export function pngFile(side = 16): Buffer {
  const rows = Array.from({ length: side }, () => Buffer.concat([Buffer.from([0]), randomBytes(side)]));
  return pngHeader(side, side, Buffer.concat(rows));
}

/** A minimal one-page PDF, different each time. */
export function pdfFile(): Buffer {
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Note (${randomBytes(8).toString('hex')}) >>`,
  ]);
}

/** A PDF of these objects (latin1), the first one its catalog, with a correct cross-reference table (ISO 32000-1, 7.5). */
export function pdfOf(objects: readonly string[]): Buffer {
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, '0')} 00000 n \n`;
  });
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(body, 'latin1');
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** `size` bytes that do not compress, the same for the same seed, made as they are read. */
export function* generated(size: number, seed = 1): Generator<Buffer> {
  const block = Buffer.alloc(1024 * 1024);
  let state = seed >>> 0 || 1;
  for (let left = size; left > 0; left -= block.length) {
    for (let offset = 0; offset < block.length; offset += 4) {
      // xorshift32 (Marsaglia, 2003)
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      block.writeInt32LE(state | 0, offset);
    }
    yield Buffer.from(block.subarray(0, Math.min(block.length, left)));
  }
}

const NUMBERED_BYTES = 1024 * 1024;
const NUMBERED = Buffer.concat([...generated(NUMBERED_BYTES, 11)]);

/** Bytes `start` to `end` (exclusive) of an endless file no two MiB of which are alike, made as they are read and wherever that begins. */
export function* numbered(start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end;) {
    const index = Math.floor(at / NUMBERED_BYTES);
    const piece = Buffer.from(NUMBERED);
    for (let stamp = 0; stamp < NUMBERED_BYTES; stamp += 65_536) piece.writeUInt32LE(index, stamp);
    const next = Math.min((index + 1) * NUMBERED_BYTES, end);
    yield piece.subarray(at - index * NUMBERED_BYTES, next - index * NUMBERED_BYTES);
    at = next;
  }
}
