import type { WebhookNext } from '@custody/data';
import type { WebhookAnswer } from './webhook-sender.js';

const GONE = 410;
const ASK_TO_WAIT: readonly number[] = [429, 503];
const JITTER = 0.2;

export function isDelivered(answer: WebhookAnswer | null): boolean {
  return answer !== null && answer.status >= 200 && answer.status < 300;
}

/**
 * What follows an attempt, as Standard Webhooks advises: pauses that grow, stretched at random so that a receiver that comes back is not met by
 * everything at once; `Retry-After` of 429 and 503; 410 ends it for good. `before` counts attempts that ended earlier; `answer` null: none.
 */
export function nextAttempt(
  answer: WebhookAnswer | null,
  before: number,
  pausesSec: readonly number[],
  random: () => number,
): WebhookNext {
  if (isDelivered(answer)) return { retrySec: null, gone: false };
  if (answer?.status === GONE) return { retrySec: null, gone: true };
  const pause = pausesSec[before];
  if (pause === undefined) return { retrySec: null, gone: false };
  const asked = answer !== null && ASK_TO_WAIT.includes(answer.status) ? (answer.retryAfterMs ?? 0) / 1_000 : 0;
  return { retrySec: Math.max(pause, asked) * (1 + JITTER * random()), gone: false };
}
