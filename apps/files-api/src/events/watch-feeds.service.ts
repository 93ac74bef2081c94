import type { FilesApiConfig } from '@custody/config';
import { FileEventsRepository } from '@custody/data';
import type { TenantId } from '@custody/domain';
import { FileEventChannel } from '@custody/queues';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { Followers } from './followers.js';

const ACTOR = 'system:files-api';

/**
 * Wakes the streams of this process: at once by the hints of whoever wrote events, and by asking PostgreSQL for the last number of each
 * tenant that is followed, because a hint may be lost. It works while there are streams, and whatever their number asks once a tenant.
 */
@Injectable()
export class WatchFeeds implements OnModuleDestroy {
  private readonly log = new Logger(WatchFeeds.name);
  private readonly pollMs: number;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly followers: Followers,
    private readonly events: FileEventsRepository,
    private readonly channel: FileEventChannel,
    @Inject(CONFIG) { events: { pollSec } }: Pick<FilesApiConfig, 'events'>,
  ) {
    this.pollMs = pollSec * 1_000;
  }

  /** To be called when a stream opens; ends by itself when there are none. */
  execute(): void {
    if (this.timer !== undefined || this.stopped) return;
    this.channel.listen((hint) => this.followers.hear(hint));
    this.next();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** A poll begins when the one before has ended: a slow database is not asked the faster. */
  private next(): void {
    this.timer = setTimeout(() => void this.poll(), this.pollMs);
  }

  private async poll(): Promise<void> {
    const { tenants } = this.followers;
    for (const tenantId of tenants) await this.look(tenantId);
    if (tenants.length > 0 && !this.stopped) this.next();
    else this.timer = undefined;
  }

  private async look(tenantId: TenantId): Promise<void> {
    try {
      this.followers.catchUp(tenantId, await this.events.head({ tenantId, actor: ACTOR }));
    } catch (error) {
      // The streams go on and say nothing new; readiness is what reports PostgreSQL.
      this.log.debug(`a feed could not be asked for: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
