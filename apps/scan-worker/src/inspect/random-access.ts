/** A file that is read in pieces: the pinned object through ranged GETs, a scratch file, or bytes in a test. */
export interface RandomAccess {
  /** Bytes. */
  readonly size: number;
  /**
   * Reads exactly `length` bytes at `offset`; both lie within `size`. Fewer bytes, like any failure of the store, is an
   * error and never a short answer.
   */
  read(offset: number, length: number, signal: AbortSignal): Promise<Buffer>;
}

/** Reads neighbouring small pieces with one request: it keeps the last few blocks it read. */
export class BlockReader implements RandomAccess {
  readonly #blocks = new Map<number, Buffer>();

  constructor(
    private readonly source: RandomAccess,
    private readonly blockBytes = 512 * 1024,
    private readonly keep = 4,
  ) {}

  get size(): number {
    return this.source.size;
  }

  async read(offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    if (offset < 0 || length < 0 || offset + length > this.size) throw new RangeError('read outside of the file');
    const first = Math.floor(offset / this.blockBytes);
    const last = Math.floor((offset + Math.max(length, 1) - 1) / this.blockBytes);
    const parts: Buffer[] = [];
    for (let index = first; index <= last; index += 1) parts.push(await this.#block(index, signal));
    // One block is lent out as it is, without a copy.
    const whole = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    const start = offset - first * this.blockBytes;
    return whole.subarray(start, start + length);
  }

  async #block(index: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    const offset = index * this.blockBytes;
    const length = Math.max(0, Math.min(this.blockBytes, this.size - offset));
    const block = this.#blocks.get(index) ?? (length > 0 ? await this.source.read(offset, length, signal) : EMPTY);
    if (block.length !== length) throw new Error(`read ${block.length} of ${length} bytes`);
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= this.keep) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }
}

const EMPTY = Buffer.alloc(0);
const PIECE_BYTES = 256 * 1024;

/** The bytes from `start` up to but not including `end`, in order, in pieces. */
export async function* readRange(
  source: RandomAccess,
  start: number,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for (let at = start; at < end; at += PIECE_BYTES) {
    yield await source.read(at, Math.min(PIECE_BYTES, end - at), signal);
  }
}
