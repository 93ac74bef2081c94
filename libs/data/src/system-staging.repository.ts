import { Injectable } from '@nestjs/common';
import type { Bucket, FileId, TenantId, VersionId, VersionRef, VersionState } from '@custody/domain';
import { Prisma } from './generated/client.js';
import type { SystemContext } from './step-context.js';
import { SystemDatabase } from './system-database.js';

/** An ended version, and as what its bytes are removed: of an available one only those in staging. */
export interface CleanedVersion extends VersionRef {
  readonly state: Extract<VersionState, 'available' | 'rejected'>;
}

export interface EndedVersion extends CleanedVersion {
  readonly bucket: Bucket;
  /** It has a clean verdict: only then was a copy to main ever begun. */
  readonly passed: boolean;
}

/** `passed`: it has a clean verdict, so bytes in main can be ours. `purged`: the file's bytes were removed for good. */
export interface KnownVersion {
  readonly state: VersionState;
  readonly passed: boolean;
  readonly deleted: boolean;
  readonly purged: boolean;
}

export interface PurgeableFile {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly bucket: Bucket;
  readonly versionIds: readonly VersionId[];
}

const NIL = '00000000-0000-0000-0000-000000000000';
const seconds = (value: number): Prisma.Sql => Prisma.sql`make_interval(secs => ${value}::float8)`;

/** What the reaper and the reconciler do across tenants. Ages are judged by PostgreSQL's clock, never by ours (F18). */
@Injectable()
export class SystemStagingRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** Uploads nobody confirmed for `afterSec`, up to the age of `ttlSec`; each is handed to one caller and again only after `everySec`. */
  async claimUnconfirmed(afterSec: number, ttlSec: number, everySec: number, limit: number): Promise<VersionRef[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM claim_unconfirmed(${seconds(afterSec)}, ${seconds(ttlSec)}, ${seconds(everySec)}, ${limit}::int)`,
    );
  }

  /** Ends what has been pending for longer than `ttlSec` as rejected (expired) (M22). */
  async expire(context: SystemContext, ttlSec: number, limit: number): Promise<VersionRef[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM expire_versions(${JSON.stringify(context)}::jsonb, ${seconds(ttlSec)}, ${limit}::int)`,
    );
  }

  /**
   * Ended versions whose bytes may still be there; each is handed to one caller and again only after `everySec`. One with a clean
   * verdict waits `copyGraceSec` after its end: the store may still be copying it.
   */
  async claimEnded(copyGraceSec: number, everySec: number, limit: number): Promise<EndedVersion[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM claim_ended(${seconds(copyGraceSec)}, ${seconds(everySec)}, ${limit}::int)`,
    );
  }

  /**
   * Notes that the bytes of ended versions are gone from staging (and, of a rejected one, from main). What was available and is withdrawn
   * meanwhile has more to be removed, and stays as it is.
   */
  async markCleaned(versions: readonly CleanedVersion[]): Promise<void> {
    const states = versions.map(({ state }) => state);
    await this.database.call(
      Prisma.sql`SELECT 1 FROM mark_versions_cleaned(${tenantsOf(versions)}::uuid[], ${versionsOf(versions)}::uuid[], ${states}::version_state[])`,
    );
  }

  /** Versions that wait for an administrator. */
  async countHeld(): Promise<number> {
    return this.database.prisma.fileVersion.count({ where: { state: 'held' } });
  }

  /** What PostgreSQL knows of each version; what is missing from the answer has no row. */
  async statesOf(refs: readonly VersionRef[]): Promise<Map<VersionId, KnownVersion>> {
    const rows = await this.database.call<KnownVersion & { versionId: VersionId }>(
      Prisma.sql`SELECT * FROM version_states(${tenantsOf(refs)}::uuid[], ${versionsOf(refs)}::uuid[])`,
    );
    return new Map(rows.map((row) => [row.versionId, row]));
  }

  /** Available versions whose bytes must be in the main bucket, by tenant and version id, after the given one (null: the first). */
  async availableAfter(last: VersionRef | null, limit: number): Promise<(VersionRef & { readonly bucket: Bucket })[]> {
    const [tenantId, versionId] = [last?.tenantId ?? NIL, last?.versionId ?? NIL];
    return this.database.call(
      Prisma.sql`SELECT * FROM available_versions(${tenantId}::uuid, ${versionId}::uuid, ${limit}::int)`,
    );
  }

  /** Deleted files past their retention, whose bytes may go for good; each is handed to one caller and again only after `everySec`. */
  async claimPurgeable(retentionSec: number, everySec: number, limit: number): Promise<PurgeableFile[]> {
    return this.database.call(
      Prisma.sql`SELECT * FROM claim_purgeable(${seconds(retentionSec)}, ${seconds(everySec)}, ${limit}::int)`,
    );
  }

  /** False: somebody else had noted it. */
  async markPurged(context: SystemContext, file: PurgeableFile): Promise<boolean> {
    const full = JSON.stringify({ ...context, tenantId: file.tenantId });
    const [row] = await this.database.call<{ purged: boolean }>(
      Prisma.sql`SELECT mark_purged(${full}::jsonb, ${file.fileId}::uuid) AS purged`,
    );
    return row?.purged ?? false;
  }
}

const tenantsOf = (refs: readonly VersionRef[]): string[] => refs.map(({ tenantId }) => tenantId);
const versionsOf = (refs: readonly VersionRef[]): string[] => refs.map(({ versionId }) => versionId);
