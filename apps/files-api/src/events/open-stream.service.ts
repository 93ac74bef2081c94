import { Readable } from 'node:stream';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import type { Caller } from '../requests/caller.decorator.js';
import { Follower } from './follower.js';
import { Followers } from './followers.js';
import { framesOf } from './frames.js';
import type { Reading } from './reading.js';
import { StreamPlaces } from './stream-places.js';
import { WatchFeeds } from './watch-feeds.service.js';

/** What is followed. `begin` is null when there is nothing to follow. */
export interface Feed {
  readonly fileId: FileId | null;
  begin(): Promise<Reading | null>;
  continue(position: number): Promise<Reading>;
}

/** Opens a stream: its place, what wakes it up, and its end. */
@Injectable()
export class OpenStream {
  constructor(
    private readonly places: StreamPlaces,
    private readonly followers: Followers,
    private readonly watch: WatchFeeds,
    @Inject(CONFIG) private readonly config: Pick<FilesApiConfig, 'events'>,
  ) {}

  /** `left` is aborted when the answer is over, whatever it was. Null: there is nothing to follow. Throws `TOO_MANY_STREAMS`. */
  async execute({ context, expiresAt }: Caller, feed: Feed, left: AbortSignal): Promise<Readable | null> {
    if (left.aborted) return null;
    const { heartbeatSec, stallSec } = this.config.events;
    const giveBack = this.places.take(context);
    const follower = new Follower(context.tenantId, feed.fileId, expiresAt);
    left.addEventListener('abort', () => {
      this.followers.leave(follower);
      follower.finish('left');
      giveBack();
    });
    // Before the first look: what happens after it wakes the stream.
    this.followers.join(follower);
    this.watch.execute();
    const first = await feed.begin();
    if (first === null) return null;
    const frames = framesOf(follower, first, (position) => feed.continue(position), heartbeatSec * 1_000);
    return cutWhenStalled(frames, stallSec * 1_000);
  }
}

/** A reader that takes nothing for `stallMs` is cut: it must not keep its place for ever, and resumes by the id it has seen. */
function cutWhenStalled(frames: AsyncGenerator<string>, stallMs: number): Readable {
  async function* guarded(): AsyncGenerator<string> {
    for await (const frame of frames) {
      const timer = setTimeout(() => stream.destroy(), stallMs);
      try {
        yield frame;
      } finally {
        clearTimeout(timer);
      }
    }
  }
  const stream = Readable.from(guarded(), { objectMode: true, highWaterMark: 1 });
  return stream;
}
