import { uploadRecord, userContext } from '@custody/testing';
import { FileVersionsRepository, SystemStagingRepository } from './index.js';
import { CLEAN, engine, INFECTED, RescanBench, SHA } from './rescans.fixture.js';

describe('rescans in PostgreSQL', () => {
  let bench: RescanBench;

  beforeAll(async () => {
    bench = await RescanBench.open();
  });
  afterAll(() => bench.close());
  beforeEach(() => bench.clear());

  it('renews a clean verdict and keeps the ones before it; nothing a client follows changes', async () => {
    const context = userContext();
    const one = await bench.available(context);
    const before = await bench.files.find(context, one.fileId);
    for (const signatures of ['200', '300']) {
      expect(await bench.rescans.request(context, one.fileId, null, 'why')).toMatchObject({ outcome: 'queued' });
      expect(await bench.record((await bench.claim())!, { ...CLEAN, engine: engine(signatures) })).toMatchObject({
        ...{ applied: true, outcome: 'clean', events: [] },
      });
    }
    const after = await bench.files.find(context, one.fileId);
    expect(after).toMatchObject({ state: 'available', verdict: 'clean', signatureVersion: '300', sha256: SHA });
    expect(after?.entityTag).toBe(before?.entityTag);
    expect(await bench.rows('SELECT signature_version AS s, is_first AS f FROM past_verdicts ORDER BY id')).toEqual([
      { s: '100', f: true },
      { s: '200', f: false },
    ]);
    expect(await bench.queue.trimVerdicts(0, 10)).toBe(1);
    expect(await bench.rows('SELECT is_first AS f FROM past_verdicts')).toEqual([{ f: true }]);
    const asked = await bench.rows(
      `SELECT actor FROM audit_log WHERE action = 'file.rescan_requested' AND detail ->> 'reason' = 'why'`,
    );
    expect(asked).toEqual([{ actor: context.actor }, { actor: context.actor }]);
  });

  it('I7 withdraws what is infected in one transaction, and by no other way', async () => {
    const context = userContext();
    const one = await bench.available(context);
    for (const change of [
      `state = 'rejected', reject_reason = 'deleted'`,
      `state = 'rejected', reject_reason = 'infected', verdict = 'infected'`,
      `state = 'rejected', reject_reason = 'failed', withdrawn_at = now(), scanned_at = now()`,
      `withdrawn_at = now()`,
      `verdict = 'infected'`,
    ])
      await expect(bench.query(`UPDATE file_versions SET ${change}`)).rejects.toThrow(
        /withdraws it|never change|withdrawn_is_rejected/,
      );
    await bench.rescans.request(context, one.fileId, null, null);
    const claimed = (await bench.claim())!;
    const step = await bench.record(claimed, INFECTED);
    expect(step.events).toMatchObject([
      {
        type: 'notify.notification.sent',
        data: {
          notification: 'file.infected',
          signature: 'Late-1',
          withdrawn: true,
          availableSince: expect.any(String),
        },
      },
    ]);
    expect(await bench.files.find(context, one.fileId)).toMatchObject({
      state: 'rejected',
      rejectReason: 'infected',
      verdict: 'infected',
    });
    expect(await bench.rows('SELECT current_version_id AS c, status AS s FROM files')).toEqual([
      { c: null, s: 'rejected' },
    ]);
    expect(await bench.rescans.withdrawal(context, one.fileId, one.versionId)).toMatchObject({
      reason: 'infected',
      signature: 'Late-1',
    });
    expect(await bench.record(claimed, INFECTED)).toMatchObject({ applied: false });
  });

  it('I6 marks as cleaned only what still is what it was when its bytes were removed', async () => {
    const context = userContext();
    const one = await bench.available(context);
    await bench.query('UPDATE file_versions SET cleaned_at = NULL');
    const staging = new SystemStagingRepository(bench.system);
    const listed = await staging.claimEnded(0, 0, 10);
    expect(listed).toMatchObject([{ versionId: one.versionId, state: 'available' }]);
    await bench.rescans.request(context, one.fileId, null, null);
    await bench.record((await bench.claim())!, INFECTED);
    // Who removed what was staged says so late: what is in main still has to go.
    await staging.markCleaned(listed);
    // As a reaper of the version before says it, without a state (F22).
    const refs = [[context.tenantId], [one.versionId]];
    await bench.query('SELECT mark_versions_cleaned($1::uuid[], $2::uuid[])', refs);
    const again = await staging.claimEnded(3_600, 0, 10);
    expect(again).toMatchObject([{ versionId: one.versionId, state: 'rejected', passed: true }]);
    await staging.markCleaned(again);
    expect(await staging.claimEnded(3_600, 0, 10)).toEqual([]);
  });

  it('leaves the file to its newest version, and to an older one only when somebody restores it', async () => {
    const context = userContext();
    const one = await bench.available(context);
    const second = await bench.newVersion(context, one);
    await bench.rescans.request(context, one.fileId, null, null);
    await bench.record((await bench.claim())!, INFECTED);
    expect(await bench.files.find(context, one.fileId)).toMatchObject({ versionId: second, state: 'rejected' });
    const versions = new FileVersionsRepository(bench.tenants);
    expect(await versions.restore(context, one.fileId, second)).toBe('unavailable');
    expect(await versions.restore(context, one.fileId, one.versionId)).toBe('restored');
    const third = await bench.newVersion(context, one);
    expect(await versions.restore(context, one.fileId, one.versionId)).toBe('restored');
    await bench.rescans.request(context, one.fileId, null, null);
    await bench.record((await bench.claim())!, INFECTED);
    expect(await bench.files.find(context, one.fileId)).toMatchObject({ versionId: third, state: 'available' });
    expect(await bench.rows('SELECT status AS s, current_version_id AS c FROM files')).toEqual([
      { s: 'available', c: third },
    ]);
  });

  it('gives one claim at a time; a worker that lost its lease writes nothing; what was deleted is dropped', async () => {
    const context = userContext();
    const [one, two] = [await bench.available(context), await bench.available(context)];
    for (const each of [one, two]) await bench.rescans.request(context, each.fileId, null, null);
    const first = (await bench.claim())!;
    expect((await bench.claim())?.id).toBe(two.versionId);
    expect(await bench.claim()).toBeNull();
    await bench.query(`UPDATE rescans SET lease_until = now() - interval '1 s' WHERE version_id = $1`, [one.versionId]);
    const taken = (await bench.claim())!;
    expect([taken.id, taken.starts]).toEqual([one.versionId, 2]);
    expect(await bench.record(first, INFECTED)).toMatchObject({ applied: false });
    expect(
      await bench.queue.renew({ tenantId: first.tenantId, claim: { versionId: first.id, epoch: first.epoch } }, 60),
    ).toBe(false);
    await bench.files.delete(context, one.fileId);
    expect(await bench.record(taken, INFECTED)).toMatchObject({ applied: true, outcome: 'skipped' });
    expect(await bench.rows(`SELECT state FROM file_versions WHERE id = $1`, [one.versionId])).toEqual([
      { state: 'available' },
    ]);
  });

  it('yields to uploads, and gives up what was started too often', async () => {
    const context = userContext();
    const one = await bench.available(context);
    await bench.rescans.request(context, one.fileId, null, null);
    await bench.uploaded(context, uploadRecord());
    expect(await bench.claim()).toBeNull();
    await bench.promote();
    await bench.handBack((await bench.claim())!, 1);
    await bench.handBack((await bench.claim())!, 0);
    await bench.handBack((await bench.claim())!, 0);
    expect(await bench.claim()).toBeNull();
    expect(await bench.rows(`SELECT detail ->> 'outcome' AS o FROM audit_log WHERE action = 'file.rescanned'`)).toEqual(
      [{ o: 'failed' }],
    );
    expect(await bench.files.find(context, one.fileId)).toMatchObject({ state: 'available' });
  });
});
