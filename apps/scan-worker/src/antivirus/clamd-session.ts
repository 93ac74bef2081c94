import type { Socket } from 'node:net';
import { parseScanReply } from './clamd-reply.js';
import type { ScanSession, ScanVerdict } from './virus-scanner.js';

/** Deadlines in milliseconds and sizes in bytes of one stream. */
export interface ClamdStreamLimits {
  /** How long clamd may take no bytes while we have some. */
  idleTimeoutMs: number;
  /** From the zero chunk to the answer, on top of what the slowest engine takes for as many bytes. */
  replyTimeoutMs: number;
  /**
   * clamd's `StreamMaxLength` or `MaxFileSize`, whichever is less. Above it we stop by ourselves: the answer can get lost
   * behind the reset, and without `AlertExceedsMax` it would be OK.
   */
  maxStreamBytes: number;
}

/** clamd scans once it has all bytes: 50 MB/s when it is alone (measured), a tenth of that and less on a busy machine. */
const SLOWEST_BYTES_PER_MS = (2 * 1024 ** 2) / 1_000;

const COMMAND = Buffer.from('zINSTREAM\0', 'latin1');
const ZERO_CHUNK = Buffer.alloc(4);
const MAX_CHUNK_BYTES = 256 * 1024;
const MAX_REPLY_BYTES = 4096;

/** One `INSTREAM` of clamd(8): length-prefixed chunks in network byte order, a zero chunk, one answer, one verdict. */
export class ClamdSession implements ScanSession {
  settled: ScanVerdict | undefined;
  readonly #outcome = Promise.withResolvers<ScanVerdict>();
  #reply: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param finished called exactly once, with the verdict, or without one when the signal aborted the stream. */
  constructor(
    private readonly socket: Socket,
    private readonly limits: ClamdStreamLimits,
    private readonly signal: AbortSignal,
    private readonly finished: (verdict: ScanVerdict | undefined) => void,
  ) {
    this.#outcome.promise.catch(() => undefined); // end() reports it; a caller that never gets there has its own error
    socket.on('data', (data: Buffer) => this.#onData(data));
    socket.on('drain', () => this.#wake?.());
    socket.on('end', () => this.#retry('connection_lost', 'clamd closed the connection without a whole answer'));
    socket.on('error', (error) => this.#retry('connection_lost', error.message));
    socket.on('close', () => this.#retry('connection_lost', 'the connection closed'));
    signal.addEventListener('abort', this.#onAbort, { once: true });
    socket.write(COMMAND);
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.signal.throwIfAborted();
    if (this.#ended) throw new Error('write after end');
    this.#bytes += chunk.byteLength;
    if (this.settled) return;
    if (this.#bytes > this.limits.maxStreamBytes) {
      this.#settle({ kind: 'unscannable', reason: 'too_large' });
      return;
    }
    this.#send(chunk);
    if (this.socket.writableNeedDrain) await this.#drained();
    this.signal.throwIfAborted();
  }

  end(): Promise<ScanVerdict> {
    if (!this.#ended && !this.settled && !this.signal.aborted) {
      this.socket.write(ZERO_CHUNK);
      this.#startDeadline(this.limits.replyTimeoutMs + Math.ceil(this.#bytes / SLOWEST_BYTES_PER_MS), 'no answer');
    }
    this.#ended = true;
    return this.#outcome.promise;
  }

  close(): void {
    this.#retry('incomplete', 'closed by the caller');
  }

  #send(chunk: Uint8Array): void {
    this.socket.cork();
    for (let at = 0; at < chunk.byteLength; at += MAX_CHUNK_BYTES) {
      const piece = chunk.subarray(at, at + MAX_CHUNK_BYTES);
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(piece.byteLength);
      this.socket.write(length);
      this.socket.write(piece);
    }
    this.socket.uncork();
  }

  async #drained(): Promise<void> {
    this.#startDeadline(this.limits.idleTimeoutMs, 'took no bytes');
    await new Promise<void>((resolve) => (this.#wake = resolve));
    if (!this.settled) clearTimeout(this.#timer);
  }

  #startDeadline(ms: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#retry('deadline', `clamd ${what} for ${ms} ms`), ms);
  }

  #onData(data: Buffer): void {
    if (this.settled) return;
    this.#reply = Buffer.concat([this.#reply, data]);
    const whole = this.#reply.includes(0);
    if (!whole && this.#reply.length <= MAX_REPLY_BYTES) return;
    // writableLength counts down when the kernel has taken the bytes, so an answer read before that is early.
    const complete = this.#ended && this.socket.writableLength === 0;
    this.#settle(parseScanReply(this.#reply, this.#bytes, complete));
  }

  #retry(reason: 'connection_lost' | 'deadline' | 'incomplete', detail: string): void {
    this.#settle({ kind: 'retry', reason, detail });
  }

  #settle(verdict: ScanVerdict): void {
    if (this.settled) return;
    this.settled = verdict;
    this.#outcome.resolve(verdict);
    this.#release(verdict);
  }

  readonly #onAbort = (): void => {
    if (this.settled) return;
    this.settled = { kind: 'retry', reason: 'incomplete', detail: 'aborted' };
    this.#outcome.reject(this.signal.reason as Error);
    this.#release(undefined);
  };

  #release(verdict: ScanVerdict | undefined): void {
    clearTimeout(this.#timer);
    this.signal.removeEventListener('abort', this.#onAbort);
    this.socket.destroy();
    this.#wake?.();
    this.finished(verdict);
  }
}
