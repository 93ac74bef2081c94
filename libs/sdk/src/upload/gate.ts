import { reasonOf } from '../http/pause.js';

/** Lets an upload through, or holds it. */
export class Gate {
  private closing = new AbortController();
  private openings: (() => void)[] = [];

  /** Aborted when the gate closes. */
  get signal(): AbortSignal {
    return this.closing.signal;
  }

  get closed(): boolean {
    return this.closing.signal.aborted;
  }

  close(): void {
    this.closing.abort(new DOMException('paused', 'AbortError'));
  }

  open(): void {
    if (!this.closed) return;
    this.closing = new AbortController();
    for (const opening of this.openings.splice(0)) opening();
  }

  /** Resolves once it is open, rejects with the signal's reason. */
  async passed(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.closed) return;
    await new Promise<void>((resolve, reject) => {
      const aborted = () => reject(reasonOf(signal));
      this.openings.push(() => {
        signal.removeEventListener('abort', aborted);
        resolve();
      });
      signal.addEventListener('abort', aborted, { once: true });
    });
  }
}
