/**
 * Opens after a number of consecutive failures to reach a service, and stays open until somebody has seen it answer.
 * It keeps no timer: whoever waits asks `retryInMs` and probes.
 */
export class CircuitBreaker {
  #failures = 0;
  #openings = 0;

  /** @param delaysMs how long to wait before the first, second, … probe; the last one repeats. */
  constructor(
    private readonly threshold: number,
    private readonly delaysMs: readonly [number, ...number[]],
  ) {}

  get isOpen(): boolean {
    return this.#openings > 0;
  }

  get retryInMs(): number {
    const index = Math.min(Math.max(this.#openings - 1, 0), this.delaysMs.length - 1);
    return this.delaysMs[index] ?? this.delaysMs[0];
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openings = 0;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures >= this.threshold) this.#openings += 1;
  }
}
