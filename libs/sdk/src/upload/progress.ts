import type { CustodyError } from '../errors.js';

/** Where an upload stands. `waiting`: something is away, and it goes on by itself. */
export type UploadPhase =
  'preparing' | 'uploading' | 'waiting' | 'paused' | 'confirming' | 'done' | 'failed' | 'cancelled';

/** A moment of an upload. */
export interface UploadProgress {
  readonly phase: UploadPhase;
  /** bytes in the store or on their way there; what has to be sent again is not counted */
  readonly loaded: number;
  readonly total: number;
  /** over the last ten seconds */
  readonly bytesPerSecond: number;
  /** undefined while nothing moves */
  readonly secondsLeft: number | undefined;
  /** known once the service has a place for the file */
  readonly fileId: string | undefined;
  /** while waiting: for what */
  readonly error: CustodyError | undefined;
}

const WINDOW_MS = 10_000;
const EVERY_MS = 100;

/** Counts the bytes of an upload and tells of them, ten times a second at most and at each change of phase. */
export class ProgressMeter {
  private phase: UploadPhase = 'preparing';
  private fileId: string | undefined;
  private error: CustodyError | undefined;
  private arrived = 0;
  private readonly underWay = new Map<number, number>();
  private sent = 0;
  private samples: { readonly at: number; readonly sent: number }[] = [];
  private toldAt = Number.NEGATIVE_INFINITY;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private total: number,
    private readonly tell: (progress: UploadProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get current(): UploadProgress {
    const { phase, total, fileId, error } = this;
    const loaded = Math.min(total, this.arrived + [...this.underWay.values()].reduce((sum, bytes) => sum + bytes, 0));
    const bytesPerSecond = phase === 'uploading' || phase === 'waiting' ? this.speed() : 0;
    const secondsLeft = bytesPerSecond > 0 ? (total - loaded) / bytesPerSecond : undefined;
    return { phase, loaded, total, bytesPerSecond, secondsLeft, fileId, error };
  }

  /** The size is known, and perhaps what arrived in an earlier run. */
  begin(total: number, arrived: number, fileId: string): void {
    this.total = total;
    this.arrived = arrived;
    this.fileId = fileId;
    this.underWay.clear();
    this.enter('uploading');
  }

  enter(phase: UploadPhase, error?: CustodyError): void {
    this.phase = phase;
    this.error = error;
    this.toldAt = this.now();
    this.tell(this.current);
  }

  /** Paused: what was under way is not. */
  halt(): void {
    this.underWay.clear();
    this.samples = [];
    this.enter('paused');
  }

  /** Bytes of a part that left so far; 0 when it begins anew. */
  move(part: number, bytes: number): void {
    this.sent += Math.max(0, bytes - (this.underWay.get(part) ?? 0));
    this.underWay.set(part, bytes);
    if (bytes === 0) return;
    if (this.phase === 'waiting') this.enter('uploading');
    const now = this.now();
    if (now - this.toldAt < EVERY_MS) return;
    this.toldAt = now;
    this.sample(now);
    this.tell(this.current);
  }

  /** The part is in the store. */
  settle(part: number, bytes: number): void {
    this.underWay.delete(part);
    this.arrived += bytes;
  }

  private sample(now: number): void {
    this.samples.push({ at: now, sent: this.sent });
    this.samples = this.samples.filter(({ at }) => now - at <= WINDOW_MS);
  }

  private speed(): number {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || first === last) return 0;
    return ((last.sent - first.sent) / (last.at - first.at)) * 1000;
  }
}
