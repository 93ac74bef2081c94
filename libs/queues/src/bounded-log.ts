import type { LoggerService } from '@nestjs/common';

type Sink = Pick<LoggerService, 'warn'>;

/** A Redis outage raises the same error many times a second: one record per message and interval, with a count. */
export class BoundedLog {
  private readonly seen = new Map<string, { at: number; suppressed: number }>();

  constructor(
    private readonly sink: Sink,
    private readonly intervalMs = 10_000,
    private readonly now: () => number = Date.now,
  ) {}

  warn(message: string): void {
    const last = this.seen.get(message);
    if (last && this.now() - last.at < this.intervalMs) {
      last.suppressed += 1;
      return;
    }
    // Messages may carry ids: the memory for them stays bounded.
    if (this.seen.size >= 100) this.seen.clear();
    this.seen.set(message, { at: this.now(), suppressed: 0 });
    this.sink.warn(last?.suppressed ? `${message} (${last.suppressed} more since the last record)` : message);
  }
}
