/** Keeps the last bytes of a stream, in the chunks they came in. */
export class LastBytes {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(private readonly most: number) {}

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    for (let first = this.#chunks[0]; first && this.#bytes - first.byteLength >= this.most; first = this.#chunks[0]) {
      this.#bytes -= first.byteLength;
      this.#chunks.shift();
    }
  }

  /** As many as there were, at most `most`. */
  take(): Buffer {
    return Buffer.concat(this.#chunks).subarray(-this.most);
  }
}
