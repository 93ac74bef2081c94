import type { FilesApiConfig } from '@custody/config';
import type { StepContext } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';

const RETRY_SEC = 15;

/** Bounds the open streams of this process, for each user of a tenant and in all. */
@Injectable()
export class StreamPlaces {
  private readonly taken = new Map<string, number>();
  private total = 0;

  constructor(@Inject(CONFIG) private readonly config: Pick<FilesApiConfig, 'events'>) {}

  /** Returns what gives the place back. Throws `TOO_MANY_STREAMS`, or `SERVICE_UNAVAILABLE` when the process has no place left. */
  take({ tenantId, actor }: StepContext): () => void {
    const { maxStreams, maxStreamsPerUser } = this.config.events;
    const user = `${tenantId} ${actor}`;
    const own = this.taken.get(user) ?? 0;
    if (own >= maxStreamsPerUser) throw new CustodyError('TOO_MANY_STREAMS', undefined, { retryAfterSec: RETRY_SEC });
    if (this.total >= maxStreams) {
      throw new CustodyError('SERVICE_UNAVAILABLE', 'This process has no place for another stream.', {
        retryAfterSec: RETRY_SEC,
      });
    }
    this.taken.set(user, own + 1);
    this.total += 1;
    return () => this.give(user);
  }

  private give(user: string): void {
    const left = (this.taken.get(user) ?? 0) - 1;
    if (left > 0) this.taken.set(user, left);
    else this.taken.delete(user);
    this.total -= 1;
  }
}
