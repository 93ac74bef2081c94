import { createHash } from 'node:crypto';
import { SNIFF_BYTES } from '@custody/domain';
import { LastBytes } from '../inspect/last-bytes.js';
import { ZIP_TAIL_BYTES } from '../inspect/zip-directory.js';
import type { ScanSession, ScanVerdict, VirusScanner } from './virus-scanner.js';

/** What one reading of the pinned object yields. Nothing but `head` and `tail` is kept of its bytes. */
export interface ScanPass {
  verdict: ScanVerdict;
  /** Bytes read from the source. */
  bytes: number;
  /** Lower-case hex of everything read; absent when the pass stopped before the end of the source. */
  sha256?: string;
  /** The first {@link SNIFF_BYTES} bytes, or fewer if the file is shorter. */
  head: Uint8Array;
  /** The last {@link ZIP_TAIL_BYTES} bytes, or fewer if the file is shorter or was not read to its end. */
  tail: Uint8Array;
}

/**
 * Reads the source once and feeds the hash, the byte count, the engine and the head from the same chunks. The engine's
 * back-pressure holds the source. A source that ends short of, or runs past, `expectedBytes` never yields a verdict:
 * it is `retry` (`incomplete`). After a retry the rest of the source is not read; after `too_large` it is, for the
 * hash.
 *
 * @param open the pinned version; called once the engine has a free place, so that no connection idles in the queue.
 * @throws ScannerUnavailable, the source's own error, or the signal's reason. No verdict exists in these cases.
 */
export async function scanOnce(
  scanner: Pick<VirusScanner, 'open'>,
  open: () => Promise<AsyncIterable<Uint8Array>>,
  expectedBytes: number,
  signal: AbortSignal,
): Promise<ScanPass> {
  const session = await scanner.open(signal);
  try {
    return await readThrough(await open(), session, expectedBytes, signal);
  } finally {
    session.close();
  }
}

async function readThrough(
  source: AsyncIterable<Uint8Array>,
  session: ScanSession,
  expectedBytes: number,
  signal: AbortSignal,
): Promise<ScanPass> {
  const hash = createHash('sha256');
  const head = Buffer.alloc(Math.min(SNIFF_BYTES, expectedBytes));
  const last = new LastBytes(ZIP_TAIL_BYTES);
  const read = () => ({ bytes, head: head.subarray(0, bytes), tail: last.take() });
  let bytes = 0;
  for await (const chunk of source) {
    signal.throwIfAborted();
    if (bytes < head.length) head.set(chunk.subarray(0, head.length - bytes), bytes);
    bytes += chunk.byteLength;
    last.add(chunk);
    hash.update(chunk);
    if (bytes > expectedBytes) break;
    await session.write(chunk);
    if (session.settled?.kind === 'retry') return { verdict: session.settled, ...read() };
  }
  if (bytes !== expectedBytes) return { verdict: incomplete(bytes, expectedBytes), ...read() };
  return { verdict: await session.end(), sha256: hash.digest('hex'), ...read() };
}

function incomplete(bytes: number, expected: number): ScanVerdict {
  const detail = bytes < expected ? `${bytes} of ${expected} bytes` : `more than ${expected} bytes`;
  return { kind: 'retry', reason: 'incomplete', detail };
}
