/**
 * Runs `work` over `items`, at most `limit` at a time, and begins no further one once `signal` is aborted. `work` must not throw:
 * what it throws ends the whole.
 */
export async function forEachAtMost<T>(
  limit: number,
  items: readonly T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) {
      if (signal.aborted) return;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
}
