/** Reads a stream of chunks by count: peek at the head, take a block, or run through the next so many bytes. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #buffer: Buffer = Buffer.alloc(0);
  #over = false;
  #taken = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** The next `length` bytes without taking them, or fewer at the end. For heads and blocks: it copies. */
  async peek(length: number): Promise<Buffer> {
    while (this.#buffer.length < length && (await this.#more()));
    return this.#buffer.subarray(0, length);
  }

  /** Takes `length` bytes, or fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const taken = await this.peek(length);
    this.#buffer = this.#buffer.subarray(taken.length);
    this.#taken += taken.length;
    return taken;
  }

  /** Takes the next `length` bytes chunk by chunk, or fewer at the end. Leaves the rest for later. */
  async *through(length = Infinity): AsyncGenerator<Buffer> {
    for (let left = length; left > 0;) {
      if (this.#buffer.length === 0 && !(await this.#more())) return;
      const chunk = this.#buffer.subarray(0, left);
      this.#buffer = this.#buffer.subarray(chunk.length);
      left -= chunk.length;
      this.#taken += chunk.length;
      yield chunk;
    }
  }

  /** Lets the source go; needed when it was not read to its end. */
  async close(): Promise<void> {
    this.#over = true;
    await this.#chunks.return?.();
  }

  async #more(): Promise<boolean> {
    if (this.#over) return false;
    const next = await this.#chunks.next();
    if (next.done) this.#over = true;
    else this.#buffer = this.#buffer.length === 0 ? next.value : Buffer.concat([this.#buffer, next.value]);
    return !this.#over;
  }
}
