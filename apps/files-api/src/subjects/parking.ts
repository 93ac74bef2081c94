const FIRST_MS = 1_000;
const LONGEST_MS = 15_000;

/**
 * How long an event waits after its n-th run found nothing, doubling up to 15 s; null when all waits together have reached the
 * deadline. Counted in waits, not by a clock: a sender's time is only the sender's word (F18).
 */
export function parkingOf(starts: number, deadlineMs: number): number | null {
  let waited = 0;
  let next = FIRST_MS;
  for (let run = 1; run < starts && waited < deadlineMs; run++) {
    waited += next;
    next = Math.min(next * 2, LONGEST_MS);
  }
  return waited < deadlineMs ? Math.min(next, deadlineMs - waited) : null;
}
