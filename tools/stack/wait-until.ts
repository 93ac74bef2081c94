import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks `condition` again and again until it says yes. A throw counts as "not yet".
 * @throws Error with `what` and the last reason once `withinMs` have passed, or what `giveUp` throws
 */
export async function waitUntil(
  what: string,
  withinMs: number,
  condition: () => Promise<boolean>,
  giveUp: () => void = () => {},
): Promise<void> {
  const deadline = Date.now() + withinMs;
  let reason: unknown;
  let pauseMs = 20;
  for (;;) {
    giveUp();
    try {
      if (await condition()) return;
    } catch (error) {
      reason = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not happen within ${withinMs / 1000} s`, { cause: reason });
    }
    await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, 250);
  }
}
