import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EICAR, eventually, type AppProcess } from '@custody/testing';
import { startPipeline, type Pipeline, type Uploaded } from './pipeline.fixture.js';

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
}, 60_000);
afterAll(() => pipeline.close());
afterEach(async () => {
  await pipeline.stopWorkers();
  expect(await pipeline.violations()).toEqual([]);
});

/** A worker that stands still at a point until `go`. */
async function workerHeldAt(point: string) {
  const barrier = mkdtempSync(join(tmpdir(), 'custody-barrier-'));
  const worker = await (await pipeline.worker({ CRASH_AT: `${point}=pause:${barrier}` })).ready();
  return {
    worker,
    reached: () => eventually(`the worker stands at ${point}`, () => existsSync(join(barrier, `${point}.reached`))),
    go: () => writeFileSync(join(barrier, `${point}.go`), ''),
  };
}

const trailOf = async ({ versionId }: Uploaded): Promise<string[]> => {
  const { rows } = await pipeline.admin.query<{ action: string }>(
    'SELECT action FROM audit_log WHERE version_id = $1 ORDER BY id',
    [versionId],
  );
  return rows.map((row) => row.action.replace('version.', ''));
};

const lost = (worker: AppProcess) => eventually('it notices', () => worker.output.includes('lost to another worker'));

describe('F1 two workers on one version', () => {
  it.each(['before-verdict', 'after-verdict', 'after-copy'])(
    'after a stall at %s one of them commits, the other one stops',
    async (point) => {
      const { worker, reached, go } = await workerHeldAt(point);
      const one = await pipeline.upload(Buffer.from(`stalled ${point}`));
      await reached();
      worker.signal('SIGSTOP');
      await (await pipeline.worker()).ready();
      await pipeline.until(one, 'available');
      go();
      worker.signal('SIGCONT');
      await lost(worker);
      const trail = await trailOf(one);
      expect(trail.filter((state) => state === 'clean' || state === 'available')).toEqual(['clean', 'available']);
      expect(await pipeline.inMain(one)).toBe(true);
      expect((await pipeline.stateOf(one)).epoch).toBe(2);
    },
    60_000,
  );
});

describe('F2 a worker killed between copy and publish', () => {
  it('leaves a copy that the next claim finds, verifies and keeps', async () => {
    const { worker, reached } = await workerHeldAt('after-copy');
    const one = await pipeline.upload(Buffer.from('copied once'));
    await reached();
    const { lastModified } = (await pipeline.owner.head({ bucket: 'main', key: one.mainKey }))!;
    await worker.kill();
    // A second copy is impossible.
    await pipeline.owner.deleteStaging(one.stagingKey);
    await (await pipeline.worker()).ready();
    expect(await pipeline.until(one, 'available')).toMatchObject({ epoch: 2, sha256: one.sha256 });
    expect((await pipeline.owner.head({ bucket: 'main', key: one.mainKey }))?.lastModified).toEqual(lastModified);
  }, 60_000);
});

describe('M29 a file deleted while its worker', () => {
  it.each([
    ['mid-pass', 'lost to another worker'],
    ['after-verdict', 'superseded'],
    ['after-copy', 'superseded'],
  ])(
    'stands at %s leaves no byte in main',
    async (point, end) => {
      const { worker, reached, go } = await workerHeldAt(point);
      const one = await pipeline.upload(Buffer.from(`unwanted ${point}`));
      await reached();
      expect(await pipeline.files.delete(one.context, one.fileId)).toBe(true);
      go();
      await eventually('the worker is done with it', () => worker.output.includes(end));
      expect(await pipeline.inMain(one)).toBe(false);
      expect(await pipeline.stateOf(one)).toMatchObject({ state: 'rejected', reject_reason: 'deleted' });
    },
    60_000,
  );
});

describe('S6 S7 staging overwritten', () => {
  it.each(['after-claim', 'mid-pass', 'before-verdict', 'after-verdict'])(
    'at %s: what was pinned is scanned and served',
    async (point) => {
      const { reached, go } = await workerHeldAt(point);
      const honest = Buffer.from('x'.repeat(68));
      const one = await pipeline.upload(honest);
      await reached();
      await pipeline.overwriteStaging(one, Buffer.from(EICAR));
      go();
      expect(await pipeline.until(one, 'available')).toMatchObject({ sha256: one.sha256 });
      expect(await pipeline.mainBytes(one)).toEqual(honest);
    },
    60_000,
  );
});
