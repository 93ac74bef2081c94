import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Skipped, type BenchCase } from '../bench-case.ts';
import { renew } from '../clamd.ts';
import { abandon, untilEnded, waitingUploads } from './waiting-uploads.ts';

const MIB = 1024 ** 2;
const CLAMDSCAN = '/usr/bin/clamdscan';
const run = promisify(execFile);

export const largeScan: BenchCase = {
  name: 'large-scan',
  ceiling: '`clamdscan --stream` of the same bytes from disk',
  repeat: 3,
  async prepare(bench) {
    if (!existsSync(CLAMDSCAN)) throw new Skipped(`${CLAMDSCAN} is not here (apt-get install clamdscan)`);
    const size = (bench.quick ? 16 : 1024) * MIB;
    const body = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(size - 9)]);
    const folder = await mkdtemp(join(tmpdir(), 'custody-bench-'));
    const [file, config] = [join(folder, randomUUID()), join(folder, 'clamd.conf')];
    const lines = [
      `TCPSocket ${bench.need('CLAMD_PORT')}`,
      `TCPAddr ${bench.need('CLAMD_HOST')}`,
      `StreamMaxLength ${size}`,
    ];
    await writeFile(config, `${lines.join('\n')}\n`);
    await abandon(bench);
    const worker = await bench.startApp('scan-worker');
    await untilEnded(bench, await waitingUploads(bench, [Buffer.from('%PDF-1.4\n%%EOF')]));
    const idle = worker.rss().now;
    return {
      lines: [
        {
          title: `scan of ${size / MIB} MiB`,
          metric: 'rate',
          unit: 'MB/s',
          compared: 'ratio',
          target: { atLeast: 0.9 },
        },
        {
          title: `worker, memory over idle, scan of ${size / MIB} MiB`,
          metric: 'added',
          unit: 'MB',
          compared: 'itself',
          target: { atMost: 64 },
        },
      ],
      async figure() {
        let most = 0;
        const sampling = setInterval(() => (most = Math.max(most, worker.rss().now)), 100);
        const [upload] = await waitingUploads(bench, [renew(body)]);
        await untilEnded(bench, upload === undefined ? [] : [upload]);
        clearInterval(sampling);
        const text = `SELECT extract(epoch FROM max(at) FILTER (WHERE action = 'version.clean') - min(at) FILTER (WHERE action = 'version.scanning'))::float AS s
          FROM audit_log WHERE version_id = $1`;
        const { rows } = await bench.admin.query<{ s: number }>(text, [upload?.versionId]);
        return { rate: size / 1e6 / (rows[0]?.s ?? Number.NaN), added: (most - idle) / 1e6 };
      },
      async ceiling() {
        await writeFile(file, renew(body));
        const begin = performance.now();
        await run(CLAMDSCAN, ['--stream', '--no-summary', `--config-file=${config}`, file]);
        return { rate: size / 1e6 / ((performance.now() - begin) / 1000) };
      },
      async close() {
        await worker.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};
