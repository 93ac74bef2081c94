import { setTimeout as delay } from 'node:timers/promises';
import { CustodyError } from '@custody/domain';
import { endBlock, HEARTBEAT, positionBlock, retryBlock } from './blocks.js';
import type { Follower } from './follower.js';
import type { Reading } from './reading.js';
import { UntoldProgress } from './untold-progress.js';

/** A tenant with a thousand changes a second is read twenty times a second, not a thousand. */
const BETWEEN_READS_MS = 50;

/**
 * The text of one stream, piece by piece. The next piece is read when the one before was taken: nothing is collected for a slow reader.
 * Ends after an `end` block, or at once when nobody reads any more.
 */
export async function* framesOf(
  follower: Follower,
  first: Reading,
  read: (position: number) => Promise<Reading>,
  heartbeatMs: number,
): AsyncGenerator<string> {
  yield retryBlock();
  let sentAt = Date.now();
  const untold = new UntoldProgress();
  for (let reading = first; ; reading = await readAgain(follower, read)) {
    follower.position = reading.position;
    // What the client may not see wakes the stream, too: silence is measured by what was sent.
    const silent = Date.now() - sentAt >= heartbeatMs;
    const news = reading.text + untold.take(reading.progress ?? []);
    const text = news === '' && silent ? HEARTBEAT + positionBlock(reading.position) : news;
    if (text !== '') {
      yield text;
      sentAt = Date.now();
    }
    const end = reading.end ?? follower.ending;
    if (end === 'left') return;
    if (end !== null) {
      yield endBlock(end);
      return;
    }
    if (reading.more) continue;
    const woken = await follower.wait(sentAt + heartbeatMs - Date.now());
    if (woken && follower.ending === null) await delay(BETWEEN_READS_MS);
  }
}

async function readAgain(follower: Follower, read: (position: number) => Promise<Reading>): Promise<Reading> {
  const nothing: Reading = { text: '', position: follower.position, more: false, end: null };
  // Nothing more is told on a token that has ended.
  if (follower.ending !== null) return nothing;
  try {
    return await read(follower.position);
  } catch (error) {
    // The stream outlives an outage of PostgreSQL: a browser that connects again and gets a 503 gives up for good.
    if (error instanceof CustodyError && error.code === 'SERVICE_UNAVAILABLE') return nothing;
    throw error;
  }
}
