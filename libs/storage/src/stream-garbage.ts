import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that may pass between two collections. */
const EVERY_BYTES = 8 * 1024 ** 2;

/**
 * Chunks of a stream live outside V8's heap, which counts each 64 KB as a few hundred bytes: left alone it lets more than
 * 90 MB of them pile up before it collects (measured with one file of 300 MB). A collection of the young generation
 * every few megabytes takes about a millisecond and keeps memory flat, however many files pass at once.
 */
export class StreamGarbage {
  private readonly collect: (options: { type: 'minor' }) => void;
  private passed = 0;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.collect = runInNewContext('gc') as typeof this.collect;
  }

  /** To be told of every chunk that went by. */
  pass(bytes: number): void {
    this.passed += bytes;
    if (this.passed < EVERY_BYTES) return;
    this.passed = 0;
    this.collect({ type: 'minor' });
  }
}
