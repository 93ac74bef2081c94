import { Injectable } from '@nestjs/common';
import type { FileId, TenantId, VersionId } from '@custody/domain';
import { Prisma } from './generated/client.js';
import type { ClaimedVersion } from './records.js';
import type { SystemContext } from './step-context.js';
import { SystemDatabase } from './system-database.js';

/** Bounds of a claim; see claim_version in the migrations for the order it takes work in (M21). */
export interface ClaimPolicy {
  readonly leaseSec: number;
  readonly maxStarts: number;
  readonly newestFirstAbove: number;
  readonly oldestEvery: number;
}

/** Versions that could be claimed, versions that are held, and how long the first of the waiting has waited in seconds. */
export interface ScanBacklog {
  readonly waiting: number;
  readonly running: number;
  readonly oldestSec: number;
}

/** A version whose wake-up may be lost. */
export interface WaitingVersion {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly epoch: number;
}

/** The queue of versions to scan, as PostgreSQL holds it, across tenants. */
@Injectable()
export class SystemScanQueueRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Claims the next version to scan (`scanning`) or to promote (`clean`); null when there is none. */
  async claim(context: SystemContext, policy: ClaimPolicy): Promise<ClaimedVersion | null> {
    const rows = await this.database.call<ClaimedVersion>(Prisma.sql`
      SELECT * FROM claim_version(${JSON.stringify(context)}::jsonb, make_interval(secs => ${policy.leaseSec}::float8),
        ${policy.maxStarts}::int, ${policy.newestFirstAbove}::int, ${policy.oldestEvery}::int)`);
    return rows[0] ?? null;
  }

  async backlog(): Promise<ScanBacklog> {
    const [row] = await this.database.call<ScanBacklog>(Prisma.sql`SELECT * FROM scan_backlog()`);
    return row ?? { waiting: 0, running: 0, oldestSec: 0 };
  }

  /** Claimable versions that have waited longer than `afterSec`, and claims whose lease ran out. */
  async waiting(afterSec: number, limit: number): Promise<WaitingVersion[]> {
    return this.database.call<WaitingVersion>(
      Prisma.sql`SELECT * FROM waiting_versions(make_interval(secs => ${afterSec}::float8), ${limit}::int)`,
    );
  }
}
