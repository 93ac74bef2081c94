import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, FaultProxy, stackEnv } from '@custody/testing';
import { startPipeline, type Pipeline } from './pipeline.fixture.js';

let pipeline: Pipeline;
let clamd: FaultProxy;
let s3: FaultProxy;
const through = () => ({
  CLAMD_HOST: clamd.host,
  CLAMD_PORT: String(clamd.port),
  S3_ENDPOINT: `http://${s3.host}:${s3.port}`,
});

beforeAll(async () => {
  pipeline = await startPipeline();
  clamd = await FaultProxy.listen({ host: stackEnv('CLAMD_HOST'), port: Number(stackEnv('CLAMD_PORT')) });
  const { hostname, port } = new URL(stackEnv('S3_ENDPOINT'));
  s3 = await FaultProxy.listen({ host: hostname, port: Number(port) });
}, 60_000);
afterAll(async () => {
  await pipeline.close();
  await Promise.all([clamd.close(), s3.close()]);
});
afterEach(async () => {
  await pipeline.stopWorkers();
  clamd.fault = { kind: 'none' };
  s3.fault = { kind: 'none' };
  expect(await pipeline.violations()).toEqual([]);
});

describe('an outage', () => {
  it('F10 of the engine: the worker starts, waits, burns no start, and goes on by itself', async () => {
    clamd.fault = { kind: 'refuse' };
    const worker = await (await pipeline.worker({ ...through(), SCAN_MAX_STARTS: '1' })).ready();
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, i) => pipeline.upload(Buffer.from(`text number ${i}`))),
    );
    const before = clamd.accepted;
    await eventually('it has knocked often', () => clamd.accepted > before + 3, 30_000);
    clamd.fault = { kind: 'none' };
    for (const one of all) await pipeline.until(one, 'available', 40_000);
    expect(worker.running).toBe(true);
  }, 90_000);

  it('F12 of the store mid-read is no verdict and costs no start', async () => {
    s3.fault = { kind: 'cut', direction: 'toClient', afterBytes: 200_000 };
    const one = await pipeline.upload(Buffer.alloc(1_000_000, 'a'));
    const worker = await (await pipeline.worker({ ...through(), SCAN_MAX_STARTS: '1' })).ready();
    await eventually('it was handed back', () => worker.output.includes('handed back'), 30_000);
    s3.fault = { kind: 'none' };
    s3.resetAll();
    await pipeline.until(one, 'available', 40_000);
  }, 90_000);
});

describe('F15 a file that breaks the engine', () => {
  it('is started so many times and then failed', async () => {
    clamd.fault = { kind: 'reset', direction: 'toServer', afterBytes: 1_000 };
    const one = await pipeline.upload(Buffer.alloc(100_000, 'b'));
    await (await pipeline.worker({ ...through(), SCAN_MAX_STARTS: '2' })).ready();
    const version = await pipeline.until(one, 'rejected', 40_000);
    expect(version).toMatchObject({ reject_reason: 'failed', reject_detail: 'started 2 times without an end' });
  }, 60_000);
});

describe('F3 SIGTERM', () => {
  it('waits for the running pass to finish', async () => {
    const barrier = mkdtempSync(join(tmpdir(), 'custody-barrier-'));
    const worker = await (await pipeline.worker({ CRASH_AT: `before-verdict=pause:${barrier}` })).ready();
    const one = await pipeline.upload(Buffer.from('to be finished'));
    await eventually('it is at work', () => existsSync(join(barrier, 'before-verdict.reached')));
    worker.signal('SIGTERM');
    await eventually('it knows', () => worker.output.includes('finishing what runs'));
    writeFileSync(join(barrier, 'before-verdict.go'), '');
    expect(await worker.ended()).toBe(0);
    expect((await pipeline.stateOf(one)).state).toBe('available');
  }, 60_000);

  it('hands back what does not finish in time; interrupted twice is not failed', async () => {
    // The engine gets the commands, but not the end of the stream.
    clamd.fault = { kind: 'blackHole', direction: 'toServer', afterBytes: 5_000 };
    const one = await pipeline.upload(Buffer.alloc(50_000, 'c'));
    for (let i = 0; i < 3; i += 1) {
      const worker = await (
        await pipeline.worker({ ...through(), SHUTDOWN_GRACE_SEC: '1', SCAN_MAX_STARTS: '2' })
      ).ready();
      await pipeline.until(one, 'scanning');
      worker.signal('SIGTERM');
      expect(await worker.ended()).toBe(0);
      expect(await pipeline.stateOf(one)).toMatchObject({ state: 'uploaded', starts: 0 });
    }
    clamd.fault = { kind: 'none' };
    await (await pipeline.worker(through())).ready();
    await pipeline.until(one, 'available');
  }, 90_000);
});

describe('S17 bytes beyond the engine', () => {
  it.each([
    ['hold', { state: 'held', reject_reason: null, coverage: 'none', verdict: 'unscannable' }],
    ['reject', { state: 'rejected', reject_reason: 'unscannable', coverage: 'none', verdict: 'unscannable' }],
  ])(
    'are hashed and follow the policy %s',
    async (oversize, end) => {
      await (await pipeline.worker({ CLAMD_MAX_STREAM_BYTES: '1000', FILES_SCAN_OVERSIZE: oversize })).ready();
      const one = await pipeline.upload(Buffer.alloc(5_000, 'd'));
      expect(await pipeline.until(one, ['held', 'rejected', 'available'])).toMatchObject({
        ...end,
        sha256: one.sha256,
      });
      expect(await pipeline.inMain(one)).toBe(false);
    },
    60_000,
  );
});
