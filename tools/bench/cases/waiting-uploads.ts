import type { Bench } from '../bench.ts';
import { load, wire } from '../http-load.ts';
import { type Uploaded, uploadAll } from './confirm.ts';

/** Uploads that are confirmed and that no worker has seen. */
export async function waitingUploads(bench: Bench, bodies: readonly Buffer[]): Promise<Uploaded[]> {
  const { port } = await bench.api();
  // Nothing is derived from such files: pages are counted in a child process of their own for each.
  const uploads = await uploadAll(bench, bodies, 'application/octet-stream');
  const requests = uploads.map(({ fileId, token }) => wire('POST', `/v1/files/presign/${fileId}/confirm`, token));
  await load({ port, connections: 16, next: () => requests.pop() ?? null });
  return uploads;
}

export interface Progress {
  /** When the first of them was claimed and the last one ended, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Waits until every one of these versions has ended. @throws Error after `withinMs`, or for one that was not available */
export async function untilEnded(bench: Bench, uploads: readonly Uploaded[], withinMs = 600_000): Promise<Progress> {
  const ids = uploads.map(({ versionId }) => versionId);
  const left = `SELECT (SELECT count(*) FROM file_versions WHERE state = 'uploaded' AND tenant_id = ANY($1))::int
      + (SELECT count(*) FROM file_versions WHERE state IN ('scanning', 'clean') AND tenant_id = ANY($1))::int AS n`;
  await untilNone(bench, left, [[...bench.tenants]], withinMs);
  const text = `SELECT count(*) FILTER (WHERE state = 'available')::int AS available,
      (SELECT extract(epoch FROM min(at)) * 1000 FROM audit_log WHERE version_id = ANY($1) AND action = 'version.scanning')::float AS "from",
      (extract(epoch FROM max(ended_at)) * 1000)::float AS "to"
    FROM file_versions WHERE id = ANY($1)`;
  const { rows } = await bench.admin.query<Progress & { available: number }>(text, [ids]);
  const [all] = rows;
  if (all?.available !== ids.length) throw new Error(`${all?.available ?? 0} of ${ids.length} files are available`);
  return all;
}

/** Waits until the staged bytes of all of them are gone; when that was, in milliseconds since 1970. */
export async function untilCleared(bench: Bench, uploads: readonly Uploaded[]): Promise<number> {
  const ids = uploads.map(({ versionId }) => versionId);
  const left = 'SELECT count(*)::int AS n FROM file_versions WHERE cleaned_at IS NULL AND id = ANY($1)';
  await untilNone(bench, left, [ids], 10_000);
  const text = 'SELECT (extract(epoch FROM max(cleaned_at)) * 1000)::float AS at FROM file_versions WHERE id = ANY($1)';
  const { rows } = await bench.admin.query<{ at: number }>(text, [ids]);
  return rows[0]?.at ?? Number.NaN;
}

/** Asks every 100 ms, with a question that costs next to nothing: what is measured shares the machine. */
async function untilNone(bench: Bench, text: string, values: unknown[], withinMs: number): Promise<void> {
  for (const deadline = Date.now() + withinMs; ;) {
    const { rows } = await bench.admin.query<{ n: number }>(text, values);
    const n = rows[0]?.n ?? 0;
    if (n === 0) return;
    if (Date.now() > deadline) throw new Error(`${n} files were not done in time`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Takes what this run has left unscanned out of the queue: the next case is measured alone. */
export async function abandon(bench: Bench): Promise<void> {
  const client = await bench.admin.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(
      `UPDATE file_versions SET state = 'rejected', reject_reason = 'expired', ended_at = now(), cleaned_at = now()
      WHERE state IN ('awaiting_upload', 'uploaded', 'scanning', 'clean') AND tenant_id = ANY($1)`,
      [[...bench.tenants]],
    );
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}
