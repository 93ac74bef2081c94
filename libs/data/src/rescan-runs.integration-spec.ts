import type { RescanRunId, VersionId } from '@custody/domain';
import { uploadRecord, userContext } from '@custody/testing';
import { CLEAN, INFECTED, POLICY, RescanBench, WORKER } from './rescans.fixture.js';

describe('runs of rescans in PostgreSQL', () => {
  let bench: RescanBench;

  beforeAll(async () => {
    bench = await RescanBench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.clear());

  it('runs over a tenant newest first in batches, one at a time, and goes on where it was', async () => {
    const [context, other] = [userContext(), userContext()];
    const ids: VersionId[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await bench.available(context)).versionId);
    await bench.available(other);
    const run = await bench.rescans.start(context, 'new rules', null);
    expect(run).toMatchObject({ state: 'running', total: 5, startedBy: context.actor });
    expect((await bench.rescans.start(context, 'again', null)).id).toBe(run.id);
    expect(await bench.rescans.find(other, run.id)).toBeNull();
    expect(await bench.rescans.stop(other, run.id)).toBeNull();
    const first = (await bench.claim())!;
    expect(await bench.queue.backlog()).toEqual({ waiting: 1, running: 1 });
    await bench.record(first, CLEAN);
    expect([first.id, ...(await bench.work())]).toEqual(ids);
    expect(await bench.rescans.find(context, run.id)).toMatchObject({ state: 'done', clean: 5, withdrawn: 0 });
    expect((await bench.rescans.list(context, null, 10)).map(({ id }) => id)).toEqual([run.id]);
    const again = await bench.rescans.start(context, null, run.startedAt);
    expect([again.total, await bench.work()]).toEqual([0, []]);
  });

  it('counts in a run what was queued before it: by itself, by the run over all, by a run that was stopped', async () => {
    const context = userContext();
    const [single, held, plain] = [
      await bench.available(context),
      await bench.available(context),
      await bench.available(context),
    ];
    await bench.queue.beginSignatureRun(WORKER, 200);
    expect((await bench.claim(200, 1))?.id).toBe(plain.versionId);
    await bench.rescans.request(context, held.fileId, null, null);
    const claimed = (await bench.claim())!;
    await bench.rescans.request(context, single.fileId, null, null);
    await bench.query('UPDATE rescans SET lease_until = NULL WHERE version_id = $1', [plain.versionId]);
    const stopped = await bench.rescans.start(context, null, null);
    await bench.rows('SELECT feed_rescans(0, 5, 100)');
    await bench.rescans.stop(context, stopped.id);
    const run = await bench.rescans.start(context, null, null);
    await bench.rows('SELECT feed_rescans(0, 5, 100)');
    await bench.record(claimed, CLEAN);
    expect(await bench.work(200)).toEqual([single.versionId, plain.versionId]);
    expect(await bench.countsOf(context, run)).toEqual({
      ...{ state: 'done', total: 3, clean: 3, withdrawn: 0, inconclusive: 0, skipped: 0 },
    });
    expect(await bench.rows(`SELECT state FROM rescan_runs WHERE signatures = 200`)).toEqual([{ state: 'done' }]);
  });

  it('leaves to the run over all what a stopped run had taken from it', async () => {
    const context = userContext();
    const one = await bench.available(context);
    await bench.queue.beginSignatureRun(WORKER, 200);
    await bench.rows('SELECT feed_rescans(200, 5, 100)');
    const run = await bench.rescans.start(context, null, null);
    await bench.rows('SELECT feed_rescans(0, 5, 100)');
    expect(await bench.rows('SELECT run_id AS r, priority AS p FROM rescans')).toEqual([{ r: run.id, p: 1 }]);
    await bench.rescans.stop(context, run.id);
    expect(await bench.claim(199)).toBeNull();
    expect(await bench.work(200)).toEqual([one.versionId]);
  });

  it('ends at its total though versions were deleted, withdrawn, scanned or became available meanwhile', async () => {
    const context = userContext();
    const [late, scanned, infected, deleted, plain] = [
      ...[uploadRecord(), await bench.available(context), await bench.available(context)],
      ...[await bench.available(context), await bench.available(context)],
    ] as const;
    const run = await bench.rescans.start(context, null, null);
    for (const [one, what] of [[scanned, CLEAN] as const, [infected, INFECTED] as const]) {
      await bench.rescans.request(context, one.fileId, null, null);
      await bench.record((await bench.claim())!, what);
    }
    await bench.files.delete(context, deleted.fileId);
    await bench.uploaded(context, late);
    await bench.promote();
    await bench.query(`UPDATE file_versions SET scanned_at = now() - interval '1 h' WHERE id = $1`, [late.versionId]);
    expect(await bench.work()).toEqual([late.versionId, plain.versionId]);
    expect(await bench.countsOf(context, run)).toEqual({
      ...{ state: 'done', total: 5, clean: 2, withdrawn: 0, inconclusive: 0, skipped: 3 },
    });
  });

  it('looks at so many versions in a step, finds all that are old enough, and skips the others', async () => {
    const context = userContext();
    const ids: VersionId[] = [];
    for (let n = 0; n < 7; n++) ids.unshift((await bench.available(context)).versionId);
    const late = [ids[0], ids[1], ids[2], ids[5]];
    await bench.query(`UPDATE file_versions SET scanned_at = now() + interval '1 h' WHERE id = ANY ($1)`, [late]);
    await bench.rescans.start(context, null, null);
    const feed = async () => (await bench.rows<{ ok: boolean }>('SELECT feed_rescans(0, 5, 3) AS ok'))[0]?.ok;
    const steps: VersionId[][] = [];
    while (await feed())
      steps.push(
        (await bench.rows<{ v: VersionId }>('SELECT version_id AS v FROM rescans ORDER BY seq')).map(({ v }) => v),
      );
    expect(steps).toEqual([[], [ids[3], ids[4]], [ids[3], ids[4], ids[6]]]);
  });

  it('stops when it is told to, and by itself when it withdraws too much', async () => {
    const context = userContext();
    for (let n = 0; n < 6; n++) await bench.available(context);
    const run = await bench.rescans.start(context, null, null);
    const held = (await bench.claim())!;
    expect(await bench.rescans.stop(context, run.id)).toMatchObject({ state: 'stopped', stopReason: 'asked' });
    expect(await bench.claim()).toBeNull();
    expect(await bench.record(held, INFECTED)).toMatchObject({ applied: true, outcome: 'infected' });
    const braked = await bench.rescans.start(context, null, null);
    expect(await bench.work(0, INFECTED)).toHaveLength(POLICY.maxWithdrawn);
    expect(await bench.rescans.find(context, braked.id)).toMatchObject({
      ...{ state: 'stopped', stopReason: 'too_many_withdrawn', withdrawn: 3, total: 5 },
    });
    expect(await bench.rescans.find(context, 'ffffffff-ffff-4fff-bfff-ffffffffffff' as RescanRunId)).toBeNull();
  });

  it('runs over all tenants once for each number of signatures, only on engines that have them', async () => {
    const [a, b] = [await bench.available(userContext()), await bench.available(userContext())];
    const context = userContext();
    await bench.files.delete(context, (await bench.available(context)).fileId);
    expect(await bench.queue.coverage(150)).toEqual({ stale: 2, available: 2 });
    const begun = await Promise.all([1, 2, 3].map(() => bench.queue.beginSignatureRun(WORKER, 150)));
    expect(begun.filter((id) => id !== null)).toHaveLength(1);
    expect(await bench.claim(149)).toBeNull();
    expect(await bench.queue.beginSignatureRun(WORKER, 160)).toBeNull();
    const held = (await bench.claim(150))!;
    expect(await bench.claim(149)).toBeNull();
    await bench.handBack(held, 1);
    expect(await bench.work(150)).toEqual([b.versionId, a.versionId]);
    expect(await bench.queue.coverage(150)).toEqual({ stale: 0, available: 2 });
    expect(await bench.queue.beginSignatureRun(WORKER, 150)).toBeNull();
    expect(await bench.queue.beginSignatureRun(WORKER, 160)).not.toBeNull();
    expect(await bench.work(160)).toEqual([]);
    expect(await bench.rows(`SELECT state, clean::int FROM rescan_runs ORDER BY signatures`)).toEqual([
      { state: 'done', clean: 2 },
      { state: 'done', clean: 0 },
    ]);
  });
});
