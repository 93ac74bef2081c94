import { setTimeout as delay } from 'node:timers/promises';
import { askClamd, connectToClamd, type ClamdAddress } from './clamd-connection.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { ClamdSession, type ClamdStreamLimits } from './clamd-session.js';
import { parseMaxThreads, parseVersion } from './clamd-version.js';
import { ScanSlots } from './scan-slots.js';
import {
  ScannerUnavailable,
  VirusScanner,
  type EngineVersion,
  type ScanSession,
  type ScanVerdict,
} from './virus-scanner.js';

/** Times in milliseconds, sizes in bytes. */
export interface ClamdOptions extends ClamdAddress, ClamdStreamLimits {
  /** Streams at once while clamd has not told its `MaxThreads`, and never more than this. */
  concurrency: number;
  /** Consecutive failures to reach clamd after which it is taken for dead. */
  failureThreshold: number;
  /** Waits before each PING of a dead clamd; the last one repeats. */
  probeDelaysMs: readonly [number, ...number[]];
  /** How long VERSION and STATS are believed. A reload takes effect within it. */
  versionTtlMs: number;
}

/** Everything but the address; the stream limit is clamd's hard ceiling, 2 GiB − 1, for a daemon configured to it. */
export const CLAMD_DEFAULTS: Omit<ClamdOptions, 'host' | 'port'> = {
  connectTimeoutMs: 5_000,
  idleTimeoutMs: 60_000,
  replyTimeoutMs: 300_000,
  maxStreamBytes: 2 ** 31 - 1,
  concurrency: 4,
  failureThreshold: 3,
  probeDelaysMs: [250, 1_000, 2_000, 5_000],
  versionTtlMs: 30_000,
};

/** clamd(8) over TCP. */
export class ClamdScanner extends VirusScanner {
  readonly #slots: ScanSlots;
  readonly #breaker: CircuitBreaker;
  #probing: Promise<void> | undefined;
  #version: { value: EngineVersion; until: number } | undefined;
  #slotsKnownUntil = 0;

  constructor(private readonly options: ClamdOptions) {
    super();
    this.#slots = new ScanSlots(options.concurrency);
    this.#breaker = new CircuitBreaker(options.failureThreshold, options.probeDelaysMs);
  }

  get available(): boolean {
    return !this.#breaker.isOpen;
  }

  async open(signal: AbortSignal): Promise<ScanSession> {
    if (!this.available) throw new ScannerUnavailable('clamd is taken for dead until it answers a PING');
    await this.#fitSlots(signal);
    const release = await this.#slots.acquire(signal);
    try {
      const socket = await this.#reaching(() => connectToClamd(this.options, signal));
      return new ClamdSession(socket, this.options, signal, (verdict) => {
        release();
        this.#learn(verdict);
      });
    } catch (error) {
      release();
      throw error;
    }
  }

  whenCrowded(signal: AbortSignal): Promise<void> {
    return this.#slots.whenCrowded(signal);
  }

  async capacity(signal: AbortSignal): Promise<number> {
    await this.#fitSlots(signal);
    return this.#slots.size;
  }

  async version(signal: AbortSignal): Promise<EngineVersion> {
    if (this.#version && performance.now() < this.#version.until) return this.#version.value;
    const reply = await this.#reaching(() => askClamd(this.options, 'VERSION', signal));
    const value = parseVersion(reply);
    if (value === undefined) throw new ScannerUnavailable(`unknown answer to VERSION: ${JSON.stringify(reply)}`);
    this.#version = { value, until: performance.now() + this.options.versionTtlMs };
    return value;
  }

  async whenAvailable(signal: AbortSignal): Promise<void> {
    while (!this.available) {
      signal.throwIfAborted();
      // One probe for all who wait, and it outlives any of them.
      this.#probing ??= this.#probe().finally(() => (this.#probing = undefined));
      await untilAborted(this.#probing, signal);
    }
  }

  async #probe(): Promise<void> {
    await delay(this.#breaker.retryInMs, undefined, { ref: false });
    try {
      const reply = await askClamd(this.options, 'PING', new AbortController().signal);
      if (reply === 'PONG') this.#breaker.succeeded();
      else this.#breaker.failed();
    } catch (error) {
      if (!(error instanceof ScannerUnavailable)) throw error;
      this.#breaker.failed();
    }
  }

  /** More streams than clamd has threads would only queue inside it, where its deadlines run. */
  async #fitSlots(signal: AbortSignal): Promise<void> {
    if (performance.now() < this.#slotsKnownUntil) return;
    this.#slotsKnownUntil = performance.now() + this.options.versionTtlMs;
    try {
      const reply = await this.#reaching(() => askClamd(this.options, 'STATS', signal));
      this.#slots.resize(Math.min(this.options.concurrency, parseMaxThreads(reply) ?? this.options.concurrency));
    } catch (error) {
      this.#slotsKnownUntil = 0;
      throw error;
    }
  }

  async #reaching<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ScannerUnavailable) this.#breaker.failed();
      throw error;
    }
  }

  /** An answer of any kind proves life; only silence and broken connections count against clamd. */
  #learn(verdict: ScanVerdict | undefined): void {
    if (verdict === undefined) return;
    if (verdict.kind !== 'retry' || verdict.reason === 'engine_error') return this.#breaker.succeeded();
    if (verdict.reason === 'connection_lost' || verdict.reason === 'deadline') this.#breaker.failed();
  }
}

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const aborted = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', aborted, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted));
  });
}
