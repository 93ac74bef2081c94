import { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { ReadBuffers } from './read-buffers.js';
import { passStreamGarbage } from './stream-garbage.js';

/** Bytes for one slow client; above Node's mark, so that a `drain` follows. */
const MOST_WAITING = 256 * 1024;

type Connection = Dispatcher.DispatchController;

/**
 * The bytes of a stored object as they arrive, as many as were announced or an error. Bytes are asked for when their reader wants them,
 * so a slow reader is not a dead store.
 *
 * Piped into an answer to a client they go to its socket from the memory that they were read into, which is used again once they are
 * written. Any other reader gets bytes of his own, since nobody knows for how long he keeps them.
 */
export class ObjectBody extends Readable {
  private answer: ServerResponse | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly buffers: ReadBuffers,
  ) {
    super();
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { end?: boolean }): T {
    if (!(destination instanceof ServerResponse)) return super.pipe(destination, options);
    this.answer = destination;
    destination.on('drain', () => this.connection.resume());
    this.connection.resume();
    return destination;
  }

  override _read(): void {
    if (this.answer === undefined) this.connection.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.connection.abort(error ?? new Error('nobody reads the body'));
    done(error);
  }

  /** The next bytes. */
  pass(chunk: Buffer): void {
    if (!(this.answer === undefined ? this.hand(chunk) : this.write(chunk, this.answer))) this.connection.pause();
  }

  /** There were all. */
  finish(): void {
    this.push(null);
    if (this.answer === undefined) return;
    this.answer.end();
    this.resume();
  }

  private write(chunk: Buffer, answer: ServerResponse): boolean {
    answer.write(chunk, (error) => {
      // What a broken connection still holds nobody knows.
      if (error === null || error === undefined) this.letGo(chunk);
    });
    // Most chunks are with the kernel by now. Node's own mark is below the length of one, and would have each of them wait.
    return answer.writableLength < MOST_WAITING;
  }

  private letGo(chunk: Buffer): void {
    if (!this.buffers.release(chunk)) passStreamGarbage(chunk.length);
  }

  private hand(chunk: Buffer): boolean {
    passStreamGarbage(chunk.length);
    return this.push(this.buffers.keep(chunk));
  }
}
