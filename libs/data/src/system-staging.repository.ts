import { Injectable } from '@nestjs/common';
import type { Bucket, FileId, TenantId, VersionId, VersionRef, VersionState } from '@custody/domain';
import { Prisma } from './generated/client.js';
import type { SystemContext } from './step-context.js';
import { SystemDatabase } from './system-database.js';

export interface EndedVersion extends VersionRef {
  readonly bucket: Bucket;
  readonly state: Extract<VersionState, 'available' | 'rejected'>;
}

export interface PurgeableFile {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly bucket: Bucket;
  readonly versionIds: readonly VersionId[];
}

const seconds = (value: number): Prisma.Sql => Prisma.sql`make_interval(secs => ${value}::float8)`;

/** What the reaper and the reconciler do across tenants. Ages are judged by PostgreSQL's clock, never by ours (F18). */
@Injectable()
export class SystemStagingRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Uploads nobody confirmed for `afterSec`; each is handed to one caller and again only after `everySec`. */
  async claimUnconfirmed(afterSec: number, everySec: number, limit: number): Promise<VersionRef[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM claim_unconfirmed(${seconds(afterSec)}, ${seconds(everySec)}, ${limit}::int)`,
    );
  }

  /** Ends what has been pending for longer than `ttlSec` as rejected (expired) (M22). */
  async expire(context: SystemContext, ttlSec: number, limit: number): Promise<VersionRef[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM expire_versions(${JSON.stringify(context)}::jsonb, ${seconds(ttlSec)}, ${limit}::int)`,
    );
  }

  /** Ended versions whose bytes in the staging bucket may still be there. */
  async toClean(afterSec: number, limit: number): Promise<EndedVersion[]> {
    return this.database.call(Prisma.sql`SELECT * FROM versions_to_clean(${seconds(afterSec)}, ${limit}::int)`);
  }

  /** The state of each version that exists; what is missing from the answer has no row. */
  async statesOf(refs: readonly VersionRef[]): Promise<Map<VersionId, VersionState>> {
    const rows = await this.database.prisma.fileVersion.findMany({
      where: { OR: refs.map(({ tenantId, versionId }) => ({ tenantId, id: versionId })) },
      select: { id: true, state: true },
    });
    return new Map(rows.map((row) => [row.id as VersionId, row.state]));
  }

  /** Deleted files past their retention, whose bytes may go for good. */
  async toPurge(retentionSec: number, limit: number): Promise<PurgeableFile[]> {
    return this.database.call(Prisma.sql`SELECT * FROM files_to_purge(${seconds(retentionSec)}, ${limit}::int)`);
  }

  async markPurged(context: SystemContext, file: PurgeableFile): Promise<void> {
    const full = JSON.stringify({ ...context, tenantId: file.tenantId });
    await this.database.call(Prisma.sql`SELECT mark_purged(${full}::jsonb, ${file.fileId}::uuid)`);
  }
}
