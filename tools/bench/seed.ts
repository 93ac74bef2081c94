import type { Bench } from './bench.ts';
import { FUNCTIONS } from './ceilings/statements.ts';

/** Functions of the ceilings, owned like the tables. */
export async function makeCeilingFunctions(bench: Bench): Promise<void> {
  const client = await bench.admin.connect();
  try {
    await client.query('SET ROLE custody_owner');
    await client.query(FUNCTIONS);
    await client.query('RESET ROLE');
  } finally {
    client.release();
  }
}

/**
 * `count` available files of a tenant, one version each, over a year; ids are `bench_uuid(tenant-n)`. Triggers are off: nothing is told or
 * audited. A second call adds nothing.
 */
export async function seedFiles(bench: Bench, tenant: string, count: number): Promise<void> {
  const { rows } = await bench.admin.query<{ n: number }>('SELECT count(*)::int AS n FROM files WHERE tenant_id = $1', [
    tenant,
  ]);
  if ((rows[0]?.n ?? 0) >= count) return;
  const client = await bench.admin.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(SEED_FILES, [tenant, count]);
    await client.query(SEED_VERSIONS, [tenant, count]);
    await client.query('RESET session_replication_role');
    await client.query('ANALYZE files; ANALYZE file_versions');
  } finally {
    client.release();
  }
}

const SEED_FILES = `
INSERT INTO files (tenant_id, id, bucket, filename, mime_type, metadata, current_version_id, created_by, created_at, updated_at, status)
SELECT $1::uuid, bench_uuid($1 || '-' || n), (ARRAY['documents', 'assets', 'exports'])[1 + n % 3], 'report-' || n || '.pdf', 'application/pdf',
       jsonb_build_object('case', 'C-' || n % 5000, 'externalId', 'X-' || n), bench_uuid($1 || '-v-' || n),
       bench_uuid('user-' || n % 50), at, at, 'available'
FROM (SELECT n, now() - (n || ' seconds')::interval * 30 AS at FROM generate_series(1, $2::int) n) s
ON CONFLICT DO NOTHING`;

const SEED_VERSIONS = `
INSERT INTO file_versions (tenant_id, id, file_id, state, mime_type, declared_mime_type, declared_size, store_version, etag, size, sha256,
                           verdict, coverage, created_by, created_at, uploaded_at, ended_at, cleaned_at)
SELECT $1::uuid, bench_uuid($1 || '-v-' || n), bench_uuid($1 || '-' || n), 'available', 'application/pdf', 'application/pdf', 1000, 'v', 'e', 1000,
       repeat('0', 64), 'clean', 'full', bench_uuid('user-' || n % 50), at, at, at, at
FROM (SELECT n, now() - (n || ' seconds')::interval * 30 AS at FROM generate_series(1, $2::int) n) s
ON CONFLICT DO NOTHING`;

/** A tenant that a later run on the same services finds again. */
export const LARGE_TENANT = 'b0000000-0000-4000-8000-000000000001';
export const SMALL_TENANT = 'b0000000-0000-4000-8000-000000000002';
