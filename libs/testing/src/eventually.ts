import { setTimeout as delay } from 'node:timers/promises';

type NotYet = undefined | null | false;

/** Milliseconds between two questions: few at first, then a tenth of the time waited. Asking costs processors what is waited for. */
const [SHORTEST, LONGEST] = [20, 100];

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
  const begin = performance.now();
  const deadline = begin + timeoutMs;
  let cause: unknown;
  do {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(Math.min(LONGEST, Math.max(SHORTEST, (performance.now() - begin) / 10)));
  } while (performance.now() < deadline);
  throw new Error(`gave up waiting until ${what}`, { cause });
}
