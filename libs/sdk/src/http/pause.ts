const FIRST_MS = 500;
const LONGEST_MS = 15_000;

/**
 * Milliseconds to wait before try `attempt` + 1: exponential with full jitter, and never less than the service asked for.
 *
 * @param attempt tries so far, from 1
 * @param retryAfter seconds
 * @param random from 0 to 1
 */
export function backOff(attempt: number, retryAfter = 0, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (attempt - 1));
  // Half of it is fixed, so that nobody comes back at once.
  return retryAfter * 1000 + ceiling / 2 + random() * (ceiling / 2);
}

/** Resolves after the time, at once when the machine comes back online, and rejects with the signal's reason. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (finish: () => void) => () => {
      clearTimeout(timer);
      removeOnlineListener(online);
      signal?.removeEventListener('abort', aborted);
      finish();
    };
    const online = done(resolve);
    const aborted = done(() => reject(reasonOf(signal)));
    const timer = setTimeout(online, milliseconds);
    addOnlineListener(online);
    signal?.addEventListener('abort', aborted, { once: true });
    if (signal?.aborted === true) aborted();
  });
}

/** Whether the machine says that it has no network; where it cannot know (Node) it is taken to have one. */
export function isOffline(): boolean {
  return (globalThis.navigator as Navigator | undefined)?.onLine === false;
}

/** Waits for a network. */
export async function whenOnline(signal?: AbortSignal): Promise<void> {
  while (isOffline()) await pause(LONGEST_MS, signal);
}

/** What an aborted signal wants thrown. */
export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException(String(reason), 'AbortError');
}

function addOnlineListener(listener: () => void): void {
  if (typeof globalThis.addEventListener === 'function') globalThis.addEventListener('online', listener);
}

function removeOnlineListener(listener: () => void): void {
  if (typeof globalThis.removeEventListener === 'function') globalThis.removeEventListener('online', listener);
}
