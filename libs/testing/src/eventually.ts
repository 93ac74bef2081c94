import { setTimeout as delay } from 'node:timers/promises';

type NotYet = undefined | null | false;

/**
 * Asks until the answer is not `undefined`, `null` or `false`, and returns it.
 * @param what finishes the sentence "gave up waiting until …".
 * @throws after `timeoutMs`, with the last error of `ask` as the cause. Before that its errors only mean "not yet".
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | NotYet> | T | NotYet,
  timeoutMs = 10_000,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(20);
  } while (performance.now() < deadline);
  throw new Error(`gave up waiting until ${what}`, { cause });
}
