import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Bytes that may pass between two collections. With 16 MiB streams are slower: memory just freed is still in the processor's cache. */
const EVERY_BYTES = 4 * 1024 ** 2;

type Collect = (options: { type: 'minor' }) => void;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as Collect;
let passed = 0;

/**
 * To be told of every chunk of a body that went by, in either direction. Chunks live outside V8's heap, which counts each
 * 64 KB as a few hundred bytes: left alone it lets more than 90 MB of them pile up before it collects (measured with one
 * file of 300 MB). A collection of the young generation every few megabytes takes about a millisecond and keeps the
 * process's memory flat, however many bodies pass at once.
 */
export function passStreamGarbage(bytes: number): void {
  passed += bytes;
  if (passed < EVERY_BYTES) return;
  passed = 0;
  collect({ type: 'minor' });
}
