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
  readonly done: number;
  /** When the first of them was claimed and the last one ended, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** Waits until every one of these versions has ended. @throws Error after `withinMs`, or for one that was not available */
export async function untilEnded(bench: Bench, uploads: readonly Uploaded[], withinMs = 600_000): Promise<Progress> {
  const ids = uploads.map(({ versionId }) => versionId);
  const text = `SELECT count(*) FILTER (WHERE state IN ('available', 'rejected'))::int AS done,
      count(*) FILTER (WHERE state = 'rejected')::int AS rejected,
      (SELECT extract(epoch FROM min(at)) * 1000 FROM audit_log WHERE version_id = ANY($1) AND action = 'version.scanning')::float AS "from",
      (extract(epoch FROM max(ended_at)) * 1000)::float AS "to"
    FROM file_versions WHERE id = ANY($1)`;
  const deadline = Date.now() + withinMs;
  for (;;) {
    const { rows } = await bench.admin.query<Progress & { rejected: number }>(text, [ids]);
    const [now] = rows;
    if (now !== undefined && now.rejected > 0) throw new Error(`${now.rejected} of the files were rejected`);
    if (now !== undefined && now.done === ids.length) return now;
    if (Date.now() > deadline) throw new Error(`${now?.done ?? 0} of ${ids.length} files were scanned in time`);
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
