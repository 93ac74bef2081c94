import { createHash } from 'node:crypto';
import { ObjectStoreError } from '../object-store.errors.js';
import type { PieceReader } from './piece-reader.js';
import type { SignChunk } from './sigv4.js';
import { passStreamGarbage } from './stream-garbage.js';

/** The store hashes as much before it believes it, and we hold as much of each body. */
export const SIGNED_CHUNK_BYTES = 256 * 1024;
const LINE = ';chunk-signature='.length + 64 + '\r\n'.length;
const CRLF = '\r\n';

/**
 * A body of exactly `length` bytes whose chunks are signed one by one, so that the store refuses what is not what we sent and nobody has
 * to know all of it first. Fails with `TOO_SHORT` when `reader` ends before.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
 */
export async function* signedChunks(
  reader: PieceReader,
  length: number,
  sign: SignChunk,
): AsyncGenerator<Uint8Array, void> {
  let before = '';
  for (let sent = 0; sent < length;) {
    const wanted = Math.min(SIGNED_CHUNK_BYTES, length - sent);
    const { pieces, sha256, size } = await take(reader, wanted);
    sent += size;
    if (size < wanted) {
      throw new ObjectStoreError('TOO_SHORT', `put: the body ended after ${sent} bytes of at least ${length}`);
    }
    yield Buffer.from(`${before}${size.toString(16)};chunk-signature=${sign(sha256)}${CRLF}`);
    yield* pieces;
    passStreamGarbage(size);
    before = CRLF;
  }
  yield Buffer.from(`${before}0;chunk-signature=${sign(sha256OfNothing)}${CRLF}${CRLF}`);
}

const sha256OfNothing = createHash('sha256').digest('hex');

/** Bytes on the wire of a body of `length` bytes in signed chunks. */
export function signedLength(length: number): number {
  const whole = Math.floor(length / SIGNED_CHUNK_BYTES);
  const rest = length % SIGNED_CHUNK_BYTES;
  return whole * wireLength(SIGNED_CHUNK_BYTES) + (rest === 0 ? 0 : wireLength(rest)) + wireLength(0);
}

const wireLength = (size: number) => size.toString(16).length + LINE + size + CRLF.length;

async function take(reader: PieceReader, most: number) {
  const pieces: Uint8Array[] = [];
  const hash = createHash('sha256');
  let size = 0;
  while (size < most) {
    const piece = await reader.next(most - size);
    if (piece === undefined) break;
    hash.update(piece);
    pieces.push(piece);
    size += piece.length;
  }
  return { pieces, size, sha256: hash.digest('hex') };
}
