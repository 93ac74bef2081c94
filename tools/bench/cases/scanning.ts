import { randomBytes, randomUUID } from 'node:crypto';
import type { Bench, Server } from '../bench.ts';
import type { BenchCase } from '../bench-case.ts';
import { instream, renew, slowScanner } from '../clamd.ts';
import { percentile } from '../statistics.ts';
import type { Uploaded } from './confirm.ts';
import { abandon, type Progress, untilCleared, untilEnded, waitingUploads } from './waiting-uploads.ts';

const CONCURRENCY = 4;
const KB = 1_000;
const settings = { SCAN_CONCURRENCY: String(CONCURRENCY) };
/** No page has a sniffable type in its way; the catalogue serves such bytes as an attachment. */
const HEAD = Buffer.from('%PDF-1.4\n');
const bytesOf = (size: number) => Buffer.concat([HEAD, randomBytes(size - HEAD.length)]);

async function scanAll(
  bench: Bench,
  bodies: readonly Buffer[],
  workers: readonly Record<string, string>[],
  ended: (bench: Bench, uploads: readonly Uploaded[]) => Promise<Progress>,
): Promise<number> {
  await abandon(bench);
  const uploads = await waitingUploads(bench, bodies);
  const started: Server[] = await Promise.all(
    workers.map((env) => bench.startApp('scan-worker', { ...settings, ...env })),
  );
  const { from, to } = await ended(bench, uploads);
  await Promise.all(started.map((worker) => worker.stop()));
  return bodies.length / ((to - from) / 1000);
}

/** The ceiling deletes each file too. */
async function untilNothingIsLeft(bench: Bench, uploads: readonly Uploaded[]): Promise<Progress> {
  const { from } = await untilEnded(bench, uploads);
  return { from, to: await untilCleared(bench, uploads) };
}

/** GET, INSTREAM, copy and delete of the same bytes, as many at a time. */
async function rawScan(bench: Bench, bodies: readonly Buffer[]): Promise<number> {
  const [staging, main] = [bench.need('S3_STAGING_BUCKET'), bench.need('S3_MAIN_BUCKET')];
  const keys = bodies.map(() => `bench/${randomUUID()}`);
  await Promise.all(
    keys.map((key, at) => bench.store({ method: 'PUT', path: `/${staging}/${key}`, body: bodies[at] ?? HEAD })),
  );
  const left = [...keys];
  const begin = performance.now();
  const work = async () => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) await rawPass(bench, staging, main, key);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return bodies.length / ((performance.now() - begin) / 1000);
}

async function rawPass(bench: Bench, staging: string, main: string, key: string): Promise<void> {
  const { body } = await bench.store({ method: 'GET', path: `/${staging}/${key}` });
  const answer = await instream(bench.need('CLAMD_HOST'), Number(bench.need('CLAMD_PORT')), body);
  if (answer !== 'stream: OK') throw new Error(`clamd says ${answer}`);
  await bench.store({
    method: 'PUT',
    path: `/${main}/${key}`,
    headers: { 'x-amz-copy-source': `/${staging}/${key}` },
    body: '',
  });
  await bench.store({ method: 'DELETE', path: `/${staging}/${key}` });
}

export const smallScans: BenchCase = {
  name: 'small-scans',
  ceiling: 'GET, INSTREAM, copy, delete of the same files, four at a time',
  repeat: 3,
  prepare(bench) {
    const count = bench.quick ? 40 : 2_000;
    const bodies = Array.from({ length: count }, (_, at) => bytesOf(KB + (at * 199 * KB) / count));
    return Promise.resolve({
      lines: [
        {
          title: `scan of ${count} files of 1–200 KB, one worker`,
          metric: 'rate',
          unit: 'files/s',
          compared: 'ratio',
          target: { atLeast: 0.6 },
        },
      ],
      figure: async () => ({ rate: await scanAll(bench, bodies.map(renew), [{}], untilNothingIsLeft) }),
      ceiling: async () => ({ rate: await rawScan(bench, bodies.map(renew)) }),
      close: () => abandon(bench),
    });
  },
};

export const twoWorkers: BenchCase = {
  name: 'two-workers',
  ceiling: 'one worker; the scanner is a stand-in that takes 200 ms for each file, so processors are to spare',
  repeat: 3,
  async prepare(bench) {
    const scanner = await slowScanner(200);
    const bodies = Array.from({ length: bench.quick ? 24 : 240 }, () => bytesOf(2 * KB));
    const worker = { CLAMD_HOST: '127.0.0.1', CLAMD_PORT: String(scanner.port) };
    return {
      lines: [
        {
          title: 'two workers against one',
          metric: 'rate',
          unit: 'files/s',
          compared: 'ratio',
          target: { atLeast: 1.8 },
        },
      ],
      figure: async () => ({ rate: await scanAll(bench, bodies, [worker, worker], untilEnded) }),
      ceiling: async () => ({ rate: await scanAll(bench, bodies, [worker], untilEnded) }),
      async close() {
        scanner.close();
        await abandon(bench);
      },
    };
  },
};

export const idleLatency: BenchCase = {
  name: 'latency',
  ceiling: 'HEAD, GET of the first bytes, GET, INSTREAM, copy, one after the other',
  repeat: 3,
  async prepare(bench) {
    await abandon(bench);
    const worker = await bench.startApp('scan-worker', settings);
    const body = bytesOf(1_000 * KB);
    const turns = bench.quick ? 3 : 15;
    const staging = bench.need('S3_STAGING_BUCKET');
    const repeated = async (one: () => Promise<number>) => {
      const times: number[] = [];
      for (let turn = 0; turn < turns; turn += 1) times.push(await one());
      return { p50: percentile(times, 0.5) };
    };
    const raw = async () => {
      const path = `/${staging}/bench/${randomUUID()}`;
      await bench.store({ method: 'PUT', path, body: renew(body) });
      const begin = performance.now();
      await bench.store({ method: 'HEAD', path });
      await bench.store({ method: 'GET', path, headers: { range: 'bytes=0-4099' } });
      await rawPass(bench, staging, bench.need('S3_MAIN_BUCKET'), path.slice(`/${staging}/`.length));
      return performance.now() - begin;
    };
    const served = async () => {
      const [upload] = await waitingUploads(bench, [renew(body)]);
      const { to } = await untilEnded(bench, upload === undefined ? [] : [upload]);
      const text = 'SELECT (extract(epoch FROM uploaded_at) * 1000)::float AS at FROM file_versions WHERE id = $1';
      const { rows } = await bench.admin.query<{ at: number }>(text, [upload?.versionId]);
      return to - (rows[0]?.at ?? 0);
    };
    await served();
    return {
      lines: [
        {
          title: 'confirmed → available, 1 MB, idle, p50',
          metric: 'p50',
          unit: 'ms',
          compared: 'ratio',
          target: { atMost: 1.5 },
        },
      ],
      figure: () => repeated(served),
      ceiling: () => repeated(raw),
      close: () => worker.stop(),
    };
  },
};
