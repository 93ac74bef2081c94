import { Readable } from 'node:stream';
import { ObjectStoreError } from '../object-store.errors.js';
import { toStoreError } from './s3-errors.js';
import { passStreamGarbage } from './stream-garbage.js';

/**
 * Passes `source` on and insists on exactly `length` bytes: an early end, a surplus or `idleMs` of silence fails with
 * `UNAVAILABLE`. The silence counts only while the reader wants bytes, so a slow reader is not a dead store.
 */
export function guardBody(source: Readable, length: number, idleMs: number, signal?: AbortSignal): Readable {
  let received = 0;
  let timer: NodeJS.Timeout | undefined;
  const fail = (reason: string) =>
    guarded.destroy(new ObjectStoreError('UNAVAILABLE', `read: ${reason} after ${received} of ${length} bytes`));
  const waitForBytes = () => {
    clearTimeout(timer);
    timer = setTimeout(fail, idleMs, `no byte for ${idleMs} ms`);
  };

  const guarded = new Readable({
    read() {
      waitForBytes();
      source.resume();
    },
    destroy(error, done) {
      clearTimeout(timer);
      source.destroy();
      done(error);
    },
  });

  source.on('data', (chunk: Buffer) => {
    clearTimeout(timer);
    received += chunk.length;
    passStreamGarbage(chunk.length);
    if (received > length) return void fail('more bytes than announced');
    if (guarded.push(chunk)) waitForBytes();
    else source.pause();
  });
  source.on('end', () => {
    clearTimeout(timer);
    if (received === length) guarded.push(null);
    else fail('the body ended');
  });
  source.on('error', (error) => guarded.destroy(toStoreError('read', error, signal)));
  source.on('close', () => {
    // Node reports some cuts only as 'close' without 'end'.
    if (!source.readableEnded && !guarded.destroyed) fail('the connection closed');
  });
  source.pause();
  return guarded;
}
