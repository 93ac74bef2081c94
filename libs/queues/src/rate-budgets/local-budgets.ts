import type { Budget, Spending } from './spending.js';

interface Window {
  used: number;
  readonly endsAt: number;
}

/** Beyond this many, the oldest windows are forgotten: the memory of a process is bounded, whoever asks. */
const MAX_WINDOWS = 50_000;

/** Budgets of this process alone, by the rules of `SPEND`. */
export class LocalBudgets {
  private readonly windows = new Map<string, Window>();

  constructor(
    private readonly windowMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  spend(budgets: readonly Budget[]): Spending {
    const now = this.now();
    const windows = budgets.map(({ key }) => this.windowOf(key, now));
    const allowed = windows.every(({ used }, at) => used < (budgets[at]?.limit ?? 0));
    if (allowed) for (const window of windows) window.used += 1;
    const states = windows.map(({ used, endsAt }, at) => ({
      remaining: Math.max(0, (budgets[at]?.limit ?? 0) - used),
      resetMs: endsAt - now,
    }));
    return { allowed, states };
  }

  clear(): void {
    this.windows.clear();
  }

  private windowOf(key: string, now: number): Window {
    const open = this.windows.get(key);
    if (open !== undefined && open.endsAt > now) return open;
    const window = { used: 0, endsAt: now + this.windowMs };
    // Set anew, so that the map stays in the order in which windows end.
    this.windows.delete(key);
    this.windows.set(key, window);
    if (this.windows.size > MAX_WINDOWS) this.windows.delete(this.windows.keys().next().value ?? '');
    return window;
  }
}
