import { CustodyError } from '../errors.js';
import { backOff, pause, whenOnline } from './pause.js';

/** How long a call is tried again. */
export interface Patience {
  /** tries in all */
  readonly attempts: number;
  /** a longer pause than this is not waited for: the error goes to the caller, in milliseconds */
  readonly longestPauseMs: number;
  readonly signal?: AbortSignal | undefined;
  /** told of each pause before it begins; `milliseconds` is 0 while there is no network */
  readonly onWait?: ((error: CustodyError, milliseconds: number) => void) | undefined;
}

/** A single call of an application: a few tries within seconds. */
export const BRIEF: Patience = { attempts: 4, longestPauseMs: 10_000 };
/** An upload: until its signal says otherwise. */
export const LASTING: Patience = { attempts: Number.POSITIVE_INFINITY, longestPauseMs: Number.POSITIVE_INFINITY };

/** Runs `once` until it succeeds, fails in a way that waiting does not mend, or patience ends. */
export async function patiently<T>(
  { attempts, longestPauseMs, signal, onWait }: Patience,
  isWorthwhile: (error: CustodyError, attempt: number) => boolean,
  once: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await once();
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof CustodyError) || !isWorthwhile(error, attempt) || attempt >= attempts) throw error;
      const milliseconds = backOff(attempt, error.retryAfter);
      if (milliseconds > longestPauseMs) throw error;
      onWait?.(error, milliseconds);
      await pause(milliseconds, signal);
      if (attempts === Number.POSITIVE_INFINITY) await whenOnline(signal);
    }
  }
}
