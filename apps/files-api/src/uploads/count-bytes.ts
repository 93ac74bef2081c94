import type { Hash } from 'node:crypto';
import { Transform } from 'node:stream';
import { tooLarge } from './upload-rules.js';

/** Passes bytes on, counts and (given a hash) hashes them, and fails with `PAYLOAD_TOO_LARGE` at the first one over `limit`. */
export class CountBytes extends Transform {
  count = 0;

  constructor(
    private readonly limit: number,
    private readonly hash: Hash | null = null,
  ) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: string, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.count += chunk.length;
    if (this.count > this.limit) done(tooLarge(this.limit));
    else {
      this.hash?.update(chunk);
      done(null, chunk);
    }
  }
}
