import type { ScanSession, ScanVerdict, VirusScanner } from '../antivirus/virus-scanner.js';

/** Kept in memory of a file that comes in a stream, for the window after this one. */
const MOST_OVERLAP_BYTES = 4 * 1024 ** 2;

/** The engine found something, or gave no verdict: nothing that follows can change it. */
export class NotClean extends Error {
  override readonly name = 'NotClean';

  constructor(readonly verdict: ScanVerdict) {
    super(`the engine says ${verdict.kind}`);
  }
}

export interface FeedLimits {
  /** Most bytes the engine is sent at a time. */
  readonly maxStreamBytes: number;
  readonly windowOverlapBytes: number;
}

/**
 * One file out of an archive on its way through the engine: in one piece where the engine takes it, else in windows that overlap. What is empty
 * does not trouble the engine.
 */
export class MemberFeed {
  /** Windows that were needed besides the first. */
  windows = 0;
  readonly #overlapBytes: number;
  #session: ScanSession | undefined;
  #at = 0;
  /** Bytes of the window that is open. */
  #sent = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;

  /**
   * @param from bytes that were clean before: they are passed over, but for the overlap.
   * @param windowDone called with the end of each window but the last, once it was clean.
   */
  constructor(
    private readonly scanner: Pick<VirusScanner, 'open'>,
    private readonly limits: FeedLimits,
    private readonly from: number,
    private readonly windowDone: (offset: number) => Promise<void>,
    private readonly signal: AbortSignal,
  ) {
    const { windowOverlapBytes, maxStreamBytes } = limits;
    this.#overlapBytes = Math.min(windowOverlapBytes, MOST_OVERLAP_BYTES, Math.floor(maxStreamBytes / 4));
    if (from > 0) this.windows = 1;
  }

  /** Passes the bytes on once the engine has them. @throws NotClean, and what the engine throws. */
  async *through(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      for (let rest = chunk; rest.length > 0;) rest = rest.subarray(await this.#take(rest));
      yield chunk;
    }
  }

  /** After the last byte. @throws NotClean, and what the engine throws. */
  async end(): Promise<void> {
    await this.#close();
  }

  /** Always call it in a `finally`. */
  abandon(): void {
    this.#session?.close();
  }

  /** @returns how many of the bytes were taken. */
  async #take(bytes: Buffer): Promise<number> {
    if (this.#at < this.from) return this.#passOver(bytes.subarray(0, this.from - this.#at));
    if (this.#sent === this.limits.maxStreamBytes) {
      await this.#close();
      this.windows += 1;
      await this.windowDone(this.#at);
    }
    const session = this.#session ?? (await this.#open());
    const piece = bytes.subarray(0, this.limits.maxStreamBytes - this.#sent);
    await this.#send(session, piece);
    this.#keep(piece);
    return piece.length;
  }

  #passOver(bytes: Buffer): number {
    this.#keep(bytes);
    return bytes.length;
  }

  async #open(): Promise<ScanSession> {
    const session = await this.scanner.open(this.signal);
    this.#session = session;
    for (const bytes of this.#tail) await this.#send(session, bytes);
    return session;
  }

  async #send(session: ScanSession, bytes: Uint8Array): Promise<void> {
    await session.write(bytes);
    this.#sent += bytes.length;
    if (session.settled !== undefined) throw new NotClean(session.settled);
  }

  async #close(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    const verdict = await session.end();
    this.#session = undefined;
    this.#sent = 0;
    if (verdict.kind !== 'clean') throw new NotClean(verdict);
  }

  /** The last bytes that went by, as many as the overlap has. */
  #keep(bytes: Buffer): void {
    this.#at += bytes.length;
    this.#tail.push(bytes);
    this.#tailBytes += bytes.length;
    for (let first = this.#tail[0]; first && this.#tailBytes > this.#overlapBytes; first = this.#tail[0]) {
      const spare = Math.min(first.length, this.#tailBytes - this.#overlapBytes);
      this.#tailBytes -= spare;
      if (spare === first.length) this.#tail.shift();
      else this.#tail[0] = first.subarray(spare);
    }
  }
}
