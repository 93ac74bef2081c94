import type { RescanRunId, VersionId } from '@custody/domain';
import { testPool, cleanVerdict, freshDatabase, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import type pg from 'pg';
import {
  FilesRepository,
  FileVersionsRepository,
  RescansRepository,
  SystemDatabase,
  SystemRescansRepository,
  SystemScanQueueRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type ClaimedRescan,
  type NewUpload,
  type RescanRecord,
  type StepContext,
} from './index.js';

const SHA = 'a'.repeat(64);
const SCAN = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const POLICY = { leaseSec: 60, maxStarts: 2, maxWithdrawn: 3 };
const WORKER = { actor: 'system:scan-worker' } as const;
const engine = (signatures: string) => ({ engine: 'ClamAV 1', signatures, signaturesAt: null });
const CLEAN: RescanRecord = {
  ...{ outcome: 'clean', detail: null, signature: null, coverage: 'full', engine: engine('200') },
};
const INFECTED: RescanRecord = { ...CLEAN, outcome: 'infected', signature: 'Late-1' };

describe('rescans in PostgreSQL', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let admin: pg.Pool;
  let uploads: UploadsRepository;
  let files: FilesRepository;
  let rescans: RescansRepository;
  let queue: SystemRescansRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' });
    admin = testPool(database.adminUrl);
    uploads = new UploadsRepository(tenants);
    files = new FilesRepository(tenants);
    rescans = new RescansRepository(tenants);
    queue = new SystemRescansRepository(system);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown(), admin.end()]);
    await database.drop();
  });
  beforeEach(async () => {
    await admin.query(
      'TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries, rescan_runs CASCADE',
    );
  });

  const arrival = { storeVersion: 'v1', etag: 'e1', size: 10, sniffedMimeType: null };
  async function uploaded(context: StepContext, one: NewUpload): Promise<void> {
    await uploads.createPending(context, one, 1_000);
    await uploads.recordArrival(context, one.versionId, arrival);
  }
  async function promote(): Promise<void> {
    const versions = new VersionsRepository(tenants);
    const claimed = await new SystemScanQueueRepository(system).claim(WORKER, SCAN);
    const { tenantId, id, epoch } = claimed!;
    const [step, claim] = [
      { tenantId, ...WORKER },
      { versionId: id, epoch },
    ];
    await versions.recordVerdict(step, claim, { ...cleanVerdict(SHA), engine: engine('100') }, 60);
    await versions.publish(step, claim);
    await versions.markCleaned(step, id);
  }
  async function available(context: StepContext): Promise<NewUpload> {
    const one = uploadRecord();
    await uploaded(context, one);
    await promote();
    return one;
  }
  async function newVersion(context: StepContext, { fileId }: NewUpload): Promise<VersionId> {
    const one = uploadRecord();
    await new FileVersionsRepository(tenants).createPending(context, fileId, one, 1_000);
    await uploads.recordArrival(context, one.versionId, arrival);
    await promote();
    return one.versionId;
  }
  const claim = (signatures = 0, batch = 2) => queue.claim(WORKER, POLICY, signatures, batch);
  const record = ({ tenantId, fileId, id, epoch }: ClaimedRescan, what: RescanRecord) =>
    queue.record({ tenantId, ...WORKER }, fileId, { versionId: id, epoch }, what, POLICY.maxWithdrawn);
  const handBack = ({ tenantId, id, epoch }: ClaimedRescan, refund: 0 | 1) =>
    queue.handBack({ tenantId, claim: { versionId: id, epoch } }, 0, refund);
  const rows = async <T extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await admin.query<T>(text, values)).rows;
  const work = async (signatures = 0, what: RescanRecord = CLEAN) => {
    const done: VersionId[] = [];
    for (let next = await claim(signatures); next !== null; next = await claim(signatures)) {
      done.push(next.id);
      await record(next, what);
    }
    return done;
  };

  it('renews a clean verdict and keeps the ones before it; nothing a client follows changes', async () => {
    const context = userContext();
    const one = await available(context);
    const before = await files.find(context, one.fileId);
    for (const signatures of ['200', '300']) {
      expect(await rescans.request(context, one.fileId, null, 'why')).toMatchObject({ outcome: 'queued' });
      expect(await record((await claim())!, { ...CLEAN, engine: engine(signatures) })).toMatchObject({
        ...{ applied: true, outcome: 'clean', events: [] },
      });
    }
    const after = await files.find(context, one.fileId);
    expect(after).toMatchObject({ state: 'available', verdict: 'clean', signatureVersion: '300', sha256: SHA });
    expect(after?.entityTag).toBe(before?.entityTag);
    expect(await rows('SELECT signature_version AS s, is_first AS f FROM past_verdicts ORDER BY id')).toEqual([
      { s: '100', f: true },
      { s: '200', f: false },
    ]);
    expect(await queue.trimVerdicts(0, 10)).toBe(1);
    expect(await rows('SELECT is_first AS f FROM past_verdicts')).toEqual([{ f: true }]);
    const asked = await rows(
      `SELECT actor FROM audit_log WHERE action = 'file.rescan_requested' AND detail ->> 'reason' = 'why'`,
    );
    expect(asked).toEqual([{ actor: context.actor }, { actor: context.actor }]);
  });

  it('I7 withdraws what is infected in one transaction, and by no other way', async () => {
    const context = userContext();
    const one = await available(context);
    for (const change of [
      `state = 'rejected', reject_reason = 'deleted'`,
      `state = 'rejected', reject_reason = 'infected', verdict = 'infected'`,
      `state = 'rejected', reject_reason = 'failed', withdrawn_at = now(), scanned_at = now()`,
      `withdrawn_at = now()`,
      `verdict = 'infected'`,
    ])
      await expect(admin.query(`UPDATE file_versions SET ${change}`)).rejects.toThrow(
        /withdraws it|never change|withdrawn_is_rejected/,
      );
    await rescans.request(context, one.fileId, null, null);
    const claimed = (await claim())!;
    const step = await record(claimed, INFECTED);
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
    expect(await files.find(context, one.fileId)).toMatchObject({
      state: 'rejected',
      rejectReason: 'infected',
      verdict: 'infected',
    });
    expect(await rows('SELECT current_version_id AS c, status AS s FROM files')).toEqual([{ c: null, s: 'rejected' }]);
    expect(await rescans.withdrawal(context, one.fileId, one.versionId)).toMatchObject({
      reason: 'infected',
      signature: 'Late-1',
    });
    expect(await record(claimed, INFECTED)).toMatchObject({ applied: false });
    const staging = new SystemStagingRepository(system);
    // A worker that cleared its staging bytes says so late: what is in main still has to go.
    await staging.markStagingCleared([{ ...one, tenantId: context.tenantId }]);
    expect(await staging.claimEnded(3_600, 60, 10)).toMatchObject([
      { versionId: one.versionId, state: 'rejected', passed: true },
    ]);
  });

  it('leaves the file to its newest version, and to an older one only when somebody restores it', async () => {
    const context = userContext();
    const one = await available(context);
    const second = await newVersion(context, one);
    await rescans.request(context, one.fileId, null, null);
    await record((await claim())!, INFECTED);
    expect(await files.find(context, one.fileId)).toMatchObject({ versionId: second, state: 'rejected' });
    const versions = new FileVersionsRepository(tenants);
    expect(await versions.restore(context, one.fileId, second)).toBe('unavailable');
    expect(await versions.restore(context, one.fileId, one.versionId)).toBe('restored');
    const third = await newVersion(context, one);
    expect(await versions.restore(context, one.fileId, one.versionId)).toBe('restored');
    await rescans.request(context, one.fileId, null, null);
    await record((await claim())!, INFECTED);
    expect(await files.find(context, one.fileId)).toMatchObject({ versionId: third, state: 'available' });
    expect(await rows('SELECT status AS s, current_version_id AS c FROM files')).toEqual([
      { s: 'available', c: third },
    ]);
  });

  it('gives one claim at a time; a worker that lost its lease writes nothing; what was deleted is dropped', async () => {
    const context = userContext();
    const [one, two] = [await available(context), await available(context)];
    for (const each of [one, two]) await rescans.request(context, each.fileId, null, null);
    const first = (await claim())!;
    expect((await claim())?.id).toBe(two.versionId);
    expect(await claim()).toBeNull();
    await admin.query(`UPDATE rescans SET lease_until = now() - interval '1 s' WHERE version_id = $1`, [one.versionId]);
    const taken = (await claim())!;
    expect([taken.id, taken.starts]).toEqual([one.versionId, 2]);
    expect(await record(first, INFECTED)).toMatchObject({ applied: false });
    expect(
      await queue.renew({ tenantId: first.tenantId, claim: { versionId: first.id, epoch: first.epoch } }, 60),
    ).toBe(false);
    await files.delete(context, one.fileId);
    expect(await record(taken, INFECTED)).toMatchObject({ applied: true, outcome: 'skipped' });
    expect(await rows(`SELECT state FROM file_versions WHERE id = $1`, [one.versionId])).toEqual([
      { state: 'available' },
    ]);
  });

  it('yields to uploads, and gives up what was started too often', async () => {
    const context = userContext();
    const one = await available(context);
    await rescans.request(context, one.fileId, null, null);
    await uploaded(context, uploadRecord());
    expect(await claim()).toBeNull();
    await promote();
    await handBack((await claim())!, 1);
    await handBack((await claim())!, 0);
    await handBack((await claim())!, 0);
    expect(await claim()).toBeNull();
    expect(await rows(`SELECT detail ->> 'outcome' AS o FROM audit_log WHERE action = 'file.rescanned'`)).toEqual([
      { o: 'failed' },
    ]);
    expect(await files.find(context, one.fileId)).toMatchObject({ state: 'available' });
  });

  it('runs over a tenant newest first in batches, one at a time, and goes on where it was', async () => {
    const [context, other] = [userContext(), userContext()];
    const ids: VersionId[] = [];
    for (let n = 0; n < 5; n++) ids.unshift((await available(context)).versionId);
    await available(other);
    const run = await rescans.start(context, 'new rules', null);
    expect(run).toMatchObject({ state: 'running', total: 5, startedBy: context.actor });
    expect((await rescans.start(context, 'again', null)).id).toBe(run.id);
    expect(await rescans.find(other, run.id)).toBeNull();
    expect(await rescans.stop(other, run.id)).toBeNull();
    const first = (await claim())!;
    expect(await queue.backlog()).toEqual({ waiting: 1, running: 1 });
    await record(first, CLEAN);
    expect([first.id, ...(await work())]).toEqual(ids);
    expect(await rescans.find(context, run.id)).toMatchObject({ state: 'done', clean: 5, withdrawn: 0 });
    expect((await rescans.list(context, null, 10)).map(({ id }) => id)).toEqual([run.id]);
    const again = await rescans.start(context, null, run.startedAt);
    expect([again.total, await work()]).toEqual([0, []]);
  });

  it('looks at so many versions in a step, finds all that are old enough, and skips the others', async () => {
    const context = userContext();
    const ids: VersionId[] = [];
    for (let n = 0; n < 7; n++) ids.unshift((await available(context)).versionId);
    const late = [ids[0], ids[1], ids[2], ids[5]];
    await admin.query(`UPDATE file_versions SET scanned_at = now() + interval '1 h' WHERE id = ANY ($1)`, [late]);
    await rescans.start(context, null, null);
    const feed = async () => (await rows<{ ok: boolean }>('SELECT feed_rescans(0, 5, 3) AS ok'))[0]?.ok;
    const steps: VersionId[][] = [];
    while (await feed())
      steps.push((await rows<{ v: VersionId }>('SELECT version_id AS v FROM rescans ORDER BY seq')).map(({ v }) => v));
    expect(steps).toEqual([[], [ids[3], ids[4]], [ids[3], ids[4], ids[6]]]);
  });

  it('stops when it is told to, and by itself when it withdraws too much', async () => {
    const context = userContext();
    for (let n = 0; n < 6; n++) await available(context);
    const run = await rescans.start(context, null, null);
    const held = (await claim())!;
    expect(await rescans.stop(context, run.id)).toMatchObject({ state: 'stopped', stopReason: 'asked' });
    expect(await claim()).toBeNull();
    expect(await record(held, INFECTED)).toMatchObject({ applied: true, outcome: 'infected' });
    const braked = await rescans.start(context, null, null);
    expect(await work(0, INFECTED)).toHaveLength(POLICY.maxWithdrawn);
    expect(await rescans.find(context, braked.id)).toMatchObject({
      ...{ state: 'stopped', stopReason: 'too_many_withdrawn', withdrawn: 3, total: 5 },
    });
    expect(await rescans.find(context, 'ffffffff-ffff-4fff-bfff-ffffffffffff' as RescanRunId)).toBeNull();
  });

  it('runs over all tenants once for each number of signatures, only on engines that have them', async () => {
    const [a, b] = [await available(userContext()), await available(userContext())];
    expect(await queue.coverage(150)).toEqual({ stale: 2, available: 2 });
    const begun = await Promise.all([1, 2, 3].map(() => queue.beginSignatureRun(WORKER, 150)));
    expect(begun.filter((id) => id !== null)).toHaveLength(1);
    expect(await claim(149)).toBeNull();
    expect(await queue.beginSignatureRun(WORKER, 160)).toBeNull();
    const held = (await claim(150))!;
    expect(await claim(149)).toBeNull();
    await handBack(held, 1);
    expect(await work(150)).toEqual([b.versionId, a.versionId]);
    expect(await queue.coverage(150)).toEqual({ stale: 0, available: 2 });
    expect(await queue.beginSignatureRun(WORKER, 150)).toBeNull();
    expect(await queue.beginSignatureRun(WORKER, 160)).not.toBeNull();
    expect(await work(160)).toEqual([]);
    expect(await rows(`SELECT state, clean::int FROM rescan_runs ORDER BY signatures`)).toEqual([
      { state: 'done', clean: 2 },
      { state: 'done', clean: 0 },
    ]);
  });
});
