import type { StreamResetReason } from '@custody/contracts';
import type { FeedPage } from '@custody/data';

/** The number a client saw last: null when it has seen nothing, or names an id that is none of ours. */
export function numberOf(lastEventId: string | undefined): number | null {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : null;
}

/** `resume` from the events of the page; `fresh`: the client has seen nothing; else why it cannot go on from where it was. */
export function startingPoint(
  lastEventId: string | undefined,
  { head, trimmed }: Pick<FeedPage, 'head' | 'trimmed'>,
): 'fresh' | 'resume' | StreamResetReason {
  // An empty one is what a client sends that has seen no id (WHATWG HTML, 9.2.4).
  if (lastEventId === undefined || lastEventId === '') return 'fresh';
  const after = numberOf(lastEventId);
  // Ahead of the feed: the database was restored to an earlier moment.
  if (after === null || after > head) return 'unknown';
  return after < trimmed ? 'expired' : 'resume';
}
