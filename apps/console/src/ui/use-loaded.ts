import { useEffect, useState } from 'preact/hooks';

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

/** Loads something for a component and again whenever `keys` change; what comes too late is dropped. */
export function useLoaded<T>(
  load: (signal: AbortSignal) => Promise<T>,
  keys: readonly unknown[],
): Loaded<T> & { readonly reload: () => void } {
  const [round, setRound] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  useEffect(() => {
    const abort = new AbortController();
    const unlessLate = (next: Loaded<T>) => {
      if (!abort.signal.aborted) setLoaded(next);
    };
    load(abort.signal).then(
      (value) => unlessLate({ state: 'ready', value }),
      (error: unknown) => unlessLate({ state: 'failed', error }),
    );
    return () => abort.abort();
  }, [...keys, round]);
  return { ...loaded, reload: () => setRound((last) => last + 1) };
}
