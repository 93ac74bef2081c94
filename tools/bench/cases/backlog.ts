import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import pg from 'pg';
import type { Bench } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';
import { percentile } from '../statistics.ts';
import { abandon } from './waiting-uploads.ts';

const SAMPLES = 200;
const FEW = 100;
const manyOf = (bench: Bench) => (bench.quick ? 2_000 : 100_000);

async function p50(one: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < SAMPLES; turn += 1) {
    const begin = performance.now();
    await one();
    times.push(performance.now() - begin);
  }
  return percentile(times, 0.5);
}

export const enqueue: BenchCase = {
  name: 'enqueue',
  ceiling: 'the same queue with 100 jobs waiting',
  async prepare(bench) {
    const url = new URL(bench.need('REDIS_URL'));
    const connection = { host: url.hostname, port: Number(url.port), password: decodeURIComponent(url.password) };
    const queueWith = async (waiting: number) => {
      const queue = new Queue(`bench-${randomUUID()}`, { connection });
      for (let at = 0; at < waiting; at += 1_000) {
        const size = Math.min(1_000, waiting - at);
        await queue.addBulk(
          Array.from({ length: size }, () => ({ name: 'scan.v1', data: {}, opts: { jobId: randomUUID() } })),
        );
      }
      return queue;
    };
    const [many, few] = [await queueWith(manyOf(bench)), await queueWith(FEW)];
    const measure = async (queue: Queue) => ({
      p50: await p50(() => queue.add('scan.v1', {}, { jobId: randomUUID() })),
    });
    const title = `enqueue, ${manyOf(bench).toLocaleString('en')} jobs waiting against ${FEW}`;
    return {
      lines: [{ title, metric: 'p50', unit: 'ms', compared: 'ratio', target: { atMost: 1.2 } }],
      figure: () => measure(many),
      ceiling: () => measure(few),
      async close() {
        for (const queue of [many, few]) {
          await queue.obliterate({ force: true });
          await queue.close();
        }
      },
    };
  },
};

const WAITING_FILES = `INSERT INTO files (tenant_id, id, bucket, filename, created_by)
  SELECT $1::uuid, md5($1::text || n)::uuid, 'documents', 'f', $1::uuid FROM generate_series(1, $2::int) n ON CONFLICT DO NOTHING`;
const WAITING_VERSIONS = `INSERT INTO file_versions (tenant_id, id, file_id, state, mime_type, declared_mime_type, declared_size, store_version, etag,
    size, created_by, uploaded_at)
  SELECT $1::uuid, md5($1::text || 'v' || n)::uuid, md5($1::text || n)::uuid, 'uploaded', 'application/pdf', 'application/pdf', 9, 'v', 'e', 9, $1::uuid,
    now() - n * interval '1 ms' FROM generate_series(1, $2::int) n`;

/** Exactly so many versions wait, of one tenant. */
async function letWait(bench: Bench, tenant: string, count: number): Promise<void> {
  const client = await bench.admin.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query('DELETE FROM file_versions WHERE tenant_id = $1', [tenant]);
    await client.query(WAITING_FILES, [tenant, count]);
    await client.query(WAITING_VERSIONS, [tenant, count]);
    await client.query('RESET session_replication_role');
    await client.query('VACUUM ANALYZE file_versions');
  } finally {
    client.release();
  }
}

export const claim: BenchCase = {
  name: 'claim',
  ceiling: 'the same claim with 300 versions waiting',
  repeat: 3,
  async prepare(bench) {
    await abandon(bench);
    const tenant = randomUUID();
    bench.tenants.add(tenant);
    const system = new pg.Pool({ connectionString: bench.need('DATABASE_SYSTEM_URL'), max: 1 });
    const text = `SELECT * FROM claim_version('{"actor": "system:bench"}', '1 minute', 3, 1000, 4)`;
    const measure = async (waiting: number) => {
      await letWait(bench, tenant, waiting);
      return { p50: await p50(() => system.query({ name: 'claim', text })) };
    };
    const title = `claim, ${manyOf(bench).toLocaleString('en')} versions waiting against ${SAMPLES + FEW}`;
    return {
      lines: [{ title, metric: 'p50', unit: 'ms', compared: 'ratio', target: { atMost: 1.2 } }],
      figure: () => measure(manyOf(bench)),
      ceiling: () => measure(SAMPLES + FEW),
      async close() {
        await letWait(bench, tenant, 0);
        await system.end();
      },
    };
  },
};
