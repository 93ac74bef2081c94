import { readFileSync, writeFileSync } from 'node:fs';
import { ClamdProcess } from '@custody/testing';
import { startPipeline, type Pipeline } from './pipeline.fixture.js';

const MiB = 1024 ** 2;
let pipeline: Pipeline;
let clamd: ClamdProcess;
beforeAll(async () => {
  clamd = await ClamdProcess.start({ StreamMaxLength: '400M', MaxFileSize: '400M', MaxScanSize: '400M' });
  pipeline = await startPipeline();
}, 60_000);
afterAll(async () => {
  await pipeline.close();
  await clamd.stop();
});

/** Bytes; `VmRSS` now or `VmHWM`, the peak since it was reset (proc_pid_status(5)). */
const memoryOf = (pid: number, field: 'VmRSS' | 'VmHWM') =>
  Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1_024;

describe('a worker with a file of 300 MB', () => {
  it('stays within 64 MB of what it needs when idle', async () => {
    const worker = await (
      await pipeline.worker({
        CLAMD_HOST: clamd.host,
        CLAMD_PORT: String(clamd.port),
        CLAMD_MAX_STREAM_BYTES: String(400 * MiB),
        SCAN_LEASE_SEC: '10',
      })
    ).ready();
    await pipeline.until(await pipeline.upload(Buffer.from('warm up')), 'available');
    const idle = memoryOf(worker.pid, 'VmRSS');
    writeFileSync(`/proc/${worker.pid}/clear_refs`, '5'); // forgets the peak so far
    const one = await pipeline.upload(Buffer.alloc(300 * MiB, 'e'));
    await pipeline.until(one, 'available', 60_000);
    const growth = memoryOf(worker.pid, 'VmHWM') - idle;
    expect(growth / MiB).toBeLessThan(64);
    expect(await pipeline.violations()).toEqual([]);
  }, 120_000);
});
