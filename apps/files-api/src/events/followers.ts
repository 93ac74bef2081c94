import type { FileEventHint } from '@custody/contracts';
import type { TenantId } from '@custody/domain';
import { Metrics } from '@custody/observability';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Follower } from './follower.js';

/** The open streams of this process. */
@Injectable()
export class Followers implements OnModuleDestroy {
  private readonly byTenant = new Map<string, Set<Follower>>();
  private stopping = false;

  constructor(metrics: Metrics) {
    metrics.measured({ name: 'custody_event_streams_count', help: 'Open event streams' }, () =>
      [...this.byTenant.values()].reduce((sum, { size }) => sum + size, 0),
    );
  }

  get tenants(): TenantId[] {
    return [...this.byTenant.keys()] as TenantId[];
  }

  join(follower: Follower): void {
    const others = this.byTenant.get(follower.tenantId) ?? new Set();
    this.byTenant.set(follower.tenantId, others.add(follower));
    if (this.stopping) follower.finish('shutdown');
  }

  leave(follower: Follower): void {
    const others = this.byTenant.get(follower.tenantId);
    others?.delete(follower);
    if (others?.size === 0) this.byTenant.delete(follower.tenantId);
  }

  /** Wakes those a hint is about. */
  hear({ tenantId, fileId }: FileEventHint): void {
    for (const follower of this.byTenant.get(tenantId) ?? []) {
      if (fileId === null || follower.fileId === null || follower.fileId === fileId) follower.wake();
    }
  }

  /** Wakes those of a tenant that have not come to `head` yet. */
  catchUp(tenantId: TenantId, head: number): void {
    for (const follower of this.byTenant.get(tenantId) ?? []) if (follower.position < head) follower.wake();
  }

  /** Ends every stream, and from now on each new one at once: their clients go on at another process. */
  stop(): void {
    this.stopping = true;
    for (const followers of this.byTenant.values()) for (const follower of followers) follower.finish('shutdown');
  }

  onModuleDestroy(): void {
    this.stop();
  }
}
