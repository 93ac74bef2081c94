import type { ObjectStore } from '@custody/storage';
import type { ScanPass } from '../antivirus/scan-pass.js';
import type { RandomAccess } from '../inspect/random-access.js';
import type { Work } from './work.js';

/** Bytes from the first on, and to the last. */
type Kept = Pick<ScanPass, 'head' | 'tail'>;
const NOTHING = new Uint8Array();

/** The pinned version for who jumps about in it: what the pass has kept from memory, the rest by ranged reads. */
export function pinnedAccess(store: ObjectStore, { pinned, version }: Work, kept: Partial<Kept>): RandomAccess {
  const { head = NOTHING, tail = NOTHING } = kept;
  const size = version.size ?? 0;
  const tailAt = size - tail.length;
  return {
    size,
    async read(offset, length, signal) {
      if (length === 0) return Buffer.alloc(0);
      if (offset + length <= head.length) return Buffer.from(head.buffer, head.byteOffset + offset, length);
      if (offset >= tailAt) return Buffer.from(tail.buffer, tail.byteOffset + offset - tailAt, length);
      const { body } = await store.open(pinned, { start: offset, end: offset + length - 1 }, signal);
      const bytes = Buffer.alloc(length);
      let at = 0;
      // `open` yields exactly what was asked for, or fails.
      for await (const chunk of body as AsyncIterable<Buffer>) at += chunk.copy(bytes, at);
      return bytes;
    },
  };
}
