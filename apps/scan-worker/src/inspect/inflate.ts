import { pipeline, Readable } from 'node:stream';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { Unscannable } from './inspection.js';

const OUTPUT_CHUNK_BYTES = 64 * 1024;

/**
 * Unpacks one deflate or gzip stream (RFC 1951, RFC 1952; several gzip members in a row are one stream) and insists that
 * it ends exactly where its packed bytes end: what trails behind would be seen by some programs only.
 * @throws Unscannable `archive_malformed`; errors of the source pass through.
 */
export async function* inflate(packed: AsyncIterable<Buffer>, format: 'raw' | 'gzip'): AsyncGenerator<Buffer> {
  const create = format === 'raw' ? createInflateRaw : createGunzip;
  const unpack = create({ chunkSize: OUTPUT_CHUNK_BYTES });
  let fed = 0;
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of packed) {
      fed += chunk.length;
      yield chunk;
    }
  }
  const source = Readable.from(counted(), { highWaterMark: 1 });
  // Errors of both sides come out of the loop below; the callback only keeps them from being raised twice.
  pipeline(source, unpack, () => undefined);
  try {
    for await (const chunk of unpack) yield chunk as Buffer;
  } catch (error) {
    if (isZlibError(error)) throw new Unscannable('archive_malformed', `deflate: ${error.message}`);
    throw error;
  } finally {
    source.destroy();
  }
  if (unpack.bytesWritten !== fed) throw new Unscannable('archive_malformed', 'bytes after the end of the packed data');
}

function isZlibError(error: unknown): error is { code: string; message: string } {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('Z_');
}
