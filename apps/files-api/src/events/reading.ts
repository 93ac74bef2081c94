import type { StreamEndReason } from '@custody/contracts';
import type { FeedPage, RunningScan } from '@custody/data';
import { eventBlock } from './blocks.js';

/** Most events of one read: what a stream holds in memory at a time. */
export const PAGE = 200;

/** What one look at a feed gives a stream. */
export interface Reading {
  /** Text for the client, maybe empty. */
  readonly text: string;
  /** Everything up to it has been told, or is not for this client. */
  readonly position: number;
  /** The page was full: there may be more already. */
  readonly more: boolean;
  readonly end: StreamEndReason | null;
  /** The scans that run at this moment; the stream tells those it has not told yet. */
  readonly progress?: readonly RunningScan[];
}

/** The events of a page, in order. */
export function readingOf({ events, head, progress }: FeedPage): Reading {
  const more = events.length === PAGE;
  const position = more ? (events.at(-1)?.seq ?? head) : head;
  return { text: events.map(eventBlock).join(''), position, more, end: null, progress };
}
