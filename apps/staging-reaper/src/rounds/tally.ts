/** What one run of a task did, and what it could not do. */
export class Tally {
  readonly counts: Record<string, number> = {};
  failed = 0;
  firstError: unknown;

  count(kind: string, by = 1): void {
    if (by > 0) this.counts[kind] = (this.counts[kind] ?? 0) + by;
  }

  fail(error: unknown): void {
    this.firstError ??= error;
    this.failed += 1;
  }
}
