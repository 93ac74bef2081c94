/**
 * Works through the items, at most `count` at a time and in their order. The first failure stops the other lanes by their
 * signal and is thrown once they have stopped.
 */
export async function inLanes<T>(
  items: readonly T[],
  count: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const waiting = items.values();
  const errors: unknown[] = [];
  const lane = async () => {
    for (const item of waiting) {
      if (either.aborted) return;
      await work(item, either);
    }
  };
  const guarded = async () => {
    try {
      await lane();
    } catch (error) {
      errors.push(error);
      failed.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, items.length) }, guarded));
  signal.throwIfAborted();
  if (errors.length > 0) throw errors[0];
}
