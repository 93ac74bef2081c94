import type { Bucket, FileId, TenantId, VersionId, VersionState } from '@custody/domain';
import pg from 'pg';

export interface VersionRow {
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly id: VersionId;
  readonly bucket: Bucket;
  readonly state: VersionState;
  readonly reason: string | null;
  readonly size: string | null;
  readonly sha256: string | null;
  readonly verdict: string | null;
  readonly coverage: string | null;
  readonly current: VersionId | null;
  readonly purged: boolean;
  /** A rescan took it back: it was available, and its verdict of today says why not any more. */
  readonly withdrawn: boolean;
}

/** One audit row of one version; `action` without its `version.` or whole when it is about something else. */
export interface TrailRow {
  readonly versionId: VersionId;
  readonly action: string;
  readonly from: VersionState | null;
  readonly epoch: number | null;
}

export interface EventRow {
  readonly id: string;
  readonly versionId: VersionId;
  readonly type: string;
  readonly published: boolean;
}

export interface QuotaRow {
  readonly tenantId: TenantId;
  readonly pending: number;
  readonly counted: number;
}

/** Everything the checks need from PostgreSQL, as one snapshot. */
export interface DatabaseEvidence {
  readonly versions: readonly VersionRow[];
  readonly trail: ReadonlyMap<VersionId, readonly TrailRow[]>;
  readonly events: readonly EventRow[];
  readonly quota: readonly QuotaRow[];
}

const VERSIONS = `
  SELECT v.tenant_id AS "tenantId", v.file_id AS "fileId", v.id, f.bucket, v.state, v.reject_reason AS reason, v.size, v.sha256,
         v.verdict, v.coverage, f.current_version_id AS current, f.purged_at IS NOT NULL AS purged, v.withdrawn_at IS NOT NULL AS withdrawn
  FROM file_versions v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id`;
const TRAIL = `
  SELECT version_id AS "versionId", action, detail ->> 'from' AS "from", (detail ->> 'epoch')::int AS epoch
  FROM audit_log WHERE version_id IS NOT NULL ORDER BY id`;
const EVENTS = `
  SELECT id, version_id AS "versionId", type, published_at IS NOT NULL AS published FROM outbox`;
const QUOTA = `
  SELECT coalesce(q.tenant_id, c.tenant_id) AS "tenantId", coalesce(q.pending, 0) AS pending, coalesce(c.counted, 0)::int AS counted
  FROM tenant_quota q
  FULL JOIN (SELECT tenant_id, count(*) AS counted FROM file_versions
             WHERE state IN ('awaiting_upload', 'uploaded', 'scanning', 'held') GROUP BY tenant_id) c USING (tenant_id)`;

/** @param url of a role that sees every row. */
export async function databaseEvidence(url: string): Promise<DatabaseEvidence> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const versions = await client.query<VersionRow>(VERSIONS);
    const trail = await client.query<TrailRow>(TRAIL);
    const events = await client.query<EventRow>(EVENTS);
    const quota = await client.query<QuotaRow>(QUOTA);
    await client.query('COMMIT');
    return {
      versions: versions.rows,
      trail: Map.groupBy(trail.rows, (row) => row.versionId),
      events: events.rows,
      quota: quota.rows,
    };
  } finally {
    await client.end();
  }
}
