/** A first-come-first-served semaphore whose capacity may change while it is in use. */
export class ScanSlots {
  readonly #waiting: (() => void)[] = [];
  readonly #watchers = new Set<() => void>();
  #taken = 0;

  constructor(private capacity: number) {}

  get size(): number {
    return this.capacity;
  }

  /** Waits for a slot. @returns the function that gives it back; calling that twice is harmless. */
  async acquire(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken < this.capacity) this.#taken += 1;
    else await this.#queue(signal);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#taken -= 1;
      this.#admit();
    };
  }

  /** Resolves when the next one has to queue, at once while somebody does; or when the signal aborts. */
  whenCrowded(signal: AbortSignal): Promise<void> {
    if (this.#waiting.length > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        this.#watchers.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      this.#watchers.add(end);
      signal.addEventListener('abort', end, { once: true });
    });
  }

  resize(capacity: number): void {
    this.capacity = capacity;
    this.#admit();
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const admitted = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(admitted), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(admitted);
      for (const watcher of [...this.#watchers]) watcher();
      signal.addEventListener('abort', aborted, { once: true });
    });
  }

  /** Takes the slot on behalf of the one it wakes, so that nobody can slip in between. */
  #admit(): void {
    while (this.#taken < this.capacity && this.#waiting.length > 0) {
      this.#taken += 1;
      this.#waiting.shift()?.();
    }
  }
}
