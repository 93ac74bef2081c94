import { createHash, randomUUID } from 'node:crypto';
import type { Bench } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';
import { abandon } from './waiting-uploads.ts';

const BATCH = 1_000;
const countOf = (bench: Bench) => (bench.quick ? 1_000 : 100_000);

const FILES = `INSERT INTO files (tenant_id, id, bucket, filename, created_by)
  SELECT $1::uuid, md5($1::text || n)::uuid, 'documents', 'f', $1::uuid FROM generate_series(1, $2::int) n`;
const VERSIONS = `INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, created_by, created_at)
  SELECT $1::uuid, md5($1::text || 'v' || n)::uuid, md5($1::text || n)::uuid, 'application/pdf', 'application/pdf', 9, $1::uuid,
    now() - interval '3 days' FROM generate_series(1, $2::int) n`;

/** Uploads that nobody made, of a new tenant. */
async function staleUploads(bench: Bench): Promise<string> {
  const tenant = randomUUID();
  bench.tenants.add(tenant);
  const client = await bench.admin.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('INSERT INTO tenant_quota (tenant_id, pending) VALUES ($1, $2)', [tenant, countOf(bench)]);
    await client.query(FILES, [tenant, countOf(bench)]);
    await client.query(VERSIONS, [tenant, countOf(bench)]);
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE file_versions');
  } finally {
    client.release();
  }
  return tenant;
}

/** Seconds from the start of a reaper to the last cleaned version, and how far its memory grew after it was ready, in MB. */
async function reap(bench: Bench): Promise<{ rate: number; added: number }> {
  const tenant = await staleUploads(bench);
  const reaper = await bench.startApp('staging-reaper', {
    REAPER_INTERVAL_SEC: '0.5',
    REAPER_SWEEP_EVERY_ROUNDS: '100000',
    // The heap that Node takes by itself within the 384 MiB of k8s; with all of this machine's memory it collects late.
    NODE_OPTIONS: '--max-old-space-size=256 --max-semi-space-size=4',
  });
  const idle = reaper.rss().now;
  const text = `SELECT count(cleaned_at)::int AS cleaned, extract(epoch FROM max(cleaned_at) - min(ended_at))::float AS s
    FROM file_versions WHERE tenant_id = $1`;
  for (;;) {
    const { rows } = await bench.admin.query<{ cleaned: number; s: number }>(text, [tenant]);
    const [now] = rows;
    if (now?.cleaned === countOf(bench)) {
      const { peak } = reaper.rss();
      await reaper.stop();
      return { rate: now.cleaned / now.s, added: (peak - idle) / 1e6 };
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function raw(bench: Bench): Promise<{ rate: number }> {
  const tenant = await staleUploads(bench);
  const bucket = bench.need('S3_STAGING_BUCKET');
  const text = `UPDATE file_versions SET state = 'rejected', reject_reason = 'expired', ended_at = now(), cleaned_at = now()
    WHERE (tenant_id, id) IN (SELECT tenant_id, id FROM file_versions WHERE tenant_id = $1 AND state = 'awaiting_upload' LIMIT $2)
    RETURNING file_id, id`;
  const begin = performance.now();
  for (let done = 0; done < countOf(bench); done += BATCH) {
    const { rows } = await bench.admin.query<{ file_id: string; id: string }>(text, [tenant, BATCH]);
    const keys = rows.map(({ file_id: file, id }) => `<Object><Key>${tenant}/staging/${file}/${id}</Key></Object>`);
    const body = `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${keys.join('')}</Delete>`;
    const digest = createHash('md5').update(body).digest('base64');
    await bench.store({
      method: 'POST',
      path: `/${bucket}`,
      query: { delete: '' },
      headers: { 'content-md5': digest },
      body,
    });
  }
  return { rate: countOf(bench) / ((performance.now() - begin) / 1000) };
}

export const expiry: BenchCase = {
  name: 'expiry',
  ceiling: 'UPDATE of 1,000 rows at a time, triggers and all, and DeleteObjects of their keys',
  repeat: 1,
  async prepare(bench) {
    await abandon(bench);
    const title = `expiring ${countOf(bench).toLocaleString('en')} stale uploads`;
    return {
      lines: [
        { title, metric: 'rate', unit: 'rows/s', compared: 'ratio', target: { atLeast: 0.5 } },
        {
          title: 'reaper, memory over idle meanwhile',
          metric: 'added',
          unit: 'MB',
          compared: 'itself',
          target: { atMost: 64 },
        },
      ],
      figure: () => reap(bench),
      ceiling: () => raw(bench),
    };
  },
};
