import type { FileEventHint } from '@custody/contracts';
import { newId, type AccessGroupId, type FileId, type TenantId, type UserId } from '@custody/domain';
import {
  cleanVerdict,
  eventually,
  freshDatabase,
  uploadRecord,
  userContext,
  type FreshDatabase,
} from '@custody/testing';
import pg from 'pg';
import {
  AccessGroupsRepository,
  FileEventsRepository,
  FilesRepository,
  SharesRepository,
  SystemDatabase,
  SystemFileEventsRepository,
  SystemScanQueueRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type NewUpload,
  type StepContext,
} from './index.js';

const ARRIVAL = { storeVersion: 'v1', etag: 'e1', size: 10, sniffedMimeType: 'application/pdf' };
const POLICY = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const SHA = 'a'.repeat(64);

describe('the feed of events (M20)', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let uploads: UploadsRepository;
  let files: FilesRepository;
  let events: FileEventsRepository;
  const hints: FileEventHint[] = [];
  const channel = { announce: (announced: readonly FileEventHint[]) => void hints.push(...announced) };

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' }, channel);
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' }, channel);
    uploads = new UploadsRepository(tenants);
    files = new FilesRepository(tenants);
    events = new FileEventsRepository(tenants);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown()]);
    await database.drop();
  });
  beforeEach(() => {
    hints.length = 0;
  });

  async function made(context: StepContext, placement?: NewUpload['placement']): Promise<NewUpload> {
    const one = { ...uploadRecord(), placement, createdBy: context.actor.slice('user:'.length) as UserId };
    await uploads.createPending(context, one, 100_000);
    return one;
  }
  /** Scanned and not published. */
  async function cleanOne(context: StepContext): Promise<NewUpload & { epoch: number }> {
    const one = await made(context);
    await uploads.recordArrival(context, one.versionId, ARRIVAL);
    await database.query(
      `UPDATE file_versions SET state = 'scanning', epoch = 1, lease_until = now() + interval '1 hour' WHERE id = $1`,
      [one.versionId],
    );
    await new VersionsRepository(tenants).recordVerdict(
      context,
      { versionId: one.versionId, epoch: 1 },
      cleanVerdict(SHA),
      60,
    );
    return { ...one, epoch: 1 };
  }
  const told = async (context: StepContext, after = 0) =>
    (await events.readTenant(context, after, 1_000)).events.map(({ type, state }) => state ?? type);

  it('tells every transition and every change of a file, numbered without a gap', async () => {
    const context = userContext();
    const one = await made(context);
    await uploads.recordArrival(context, one.versionId, ARRIVAL);
    await new SystemScanQueueRepository(system).claim({ actor: 'system:scan-worker' }, POLICY);
    const versions = new VersionsRepository(tenants);
    const claim = { versionId: one.versionId, epoch: 1 };
    await versions.recordVerdict(context, claim, cleanVerdict(SHA), 60);
    await versions.publish(context, claim);
    await files.update(context, one.fileId, { filename: 'b.pdf' }, null);
    await files.delete(context, one.fileId);
    await files.restore(context, one.fileId);
    const { events: all, head } = await events.readTenant(context, 0, 100);
    expect(all.map(({ type, state }) => state ?? type)).toEqual([
      ...['awaiting_upload', 'uploaded', 'scanning', 'clean', 'available'],
      ...['file.changed', 'file.deleted', 'file.restored'],
    ]);
    expect(all.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(head).toBe(8);
    expect(all[0]).toMatchObject({ type: 'file.status', fileId: one.fileId, versionId: one.versionId });
    // The claim ran as custody_system, the others as custody_app: both tell what they committed.
    expect(hints).toEqual(all.map(() => ({ tenantId: context.tenantId, fileId: one.fileId })));
  });

  it('reads a file with the state that holds then, and ends with rejected and deleted', async () => {
    const context = userContext();
    const one = await made(context, { subject: { type: 'case', id: '1' } });
    expect(await events.readFile(context, one.fileId, null, 10)).toMatchObject({
      ...{ head: 1, events: [], deleted: false, versionId: one.versionId, state: 'awaiting_upload' },
    });
    await made(context);
    await files.delete(context, one.fileId);
    const after = await events.readFile(context, one.fileId, 1, 10);
    expect(after).toMatchObject({ head: 4, deleted: true, state: 'rejected', rejectReason: 'deleted' });
    expect(after?.events.map(({ seq, type }) => [seq, type])).toEqual([
      [3, 'file.deleted'],
      [4, 'file.status'],
    ]);
    expect(await events.readFile(userContext(), one.fileId, 0, 10)).toBeNull();
  });

  it('S30 shows an event only to whom its file is visible at the moment of reading', async () => {
    const tenantId = newId<TenantId>();
    const [owner, outsider] = [userContext(tenantId), userContext(tenantId)];
    const group = newId<AccessGroupId>();
    await new AccessGroupsRepository(tenants).create(owner, group, 'group');
    const shares = new SharesRepository(tenants);
    const { fileId } = await made({ ...owner, isAdmin: true }, { accessGroupId: group });
    const reader = outsider.actor.slice('user:'.length) as UserId;
    expect(await told(owner)).toEqual(['awaiting_upload']);
    expect(await told(outsider)).toEqual([]);
    expect(await told({ ...outsider, groups: [group] })).toEqual(['awaiting_upload']);
    await shares.put({ ...owner, isAdmin: true }, fileId, reader, null);
    expect(await told(outsider)).toEqual(['awaiting_upload']);
    await shares.delete({ ...owner, isAdmin: true }, fileId, reader);
    expect(await told(outsider)).toEqual([]);
    expect(await told(userContext())).toEqual([]);
    expect((await events.readTenant(outsider, 0, 10)).head).toBe(1);
  });

  it('S30 tells how far a scan is to whom its file is visible, and wakes them, but it is no event', async () => {
    const tenantId = newId<TenantId>();
    const [owner, outsider] = [userContext(tenantId), userContext(tenantId)];
    const group = newId<AccessGroupId>();
    await new AccessGroupsRepository(tenants).create(owner, group, 'group');
    const { fileId, versionId } = await made({ ...owner, isAdmin: true }, { accessGroupId: group });
    await database.query(`UPDATE file_versions SET state = 'uploaded', store_version = 'v1', size = 10 WHERE id = $1`, [
      versionId,
    ]);
    await database.query(
      `UPDATE file_versions SET state = 'scanning', epoch = 1, lease_until = now() + interval '1 hour' WHERE id = $1`,
      [versionId],
    );
    const { head } = await events.readTenant(owner, 0, 10);
    hints.length = 0;
    const versions = new VersionsRepository(tenants);
    const worker = { tenantId, actor: 'system:scan-worker' } as const;
    const claim = { versionId, epoch: 1 };
    expect(await versions.renewLease(worker, claim, 60)).toBe(true);
    expect(hints).toEqual([]);
    expect(await versions.renewLease(worker, { ...claim, epoch: 0 }, 60, { scannedBytes: 9, totalBytes: 10 })).toBe(
      false,
    );
    expect(await versions.renewLease(worker, claim, 60, { scannedBytes: 4, totalBytes: 10 })).toBe(true);
    expect(hints).toEqual([{ tenantId, fileId }]);

    const progress = [{ fileId, versionId, scannedBytes: 4, totalBytes: 10, at: expect.any(String) }];
    const member = { ...outsider, groups: [group] };
    expect(await events.readTenant(member, head, 10)).toMatchObject({ head, events: [], progress });
    expect(await events.readFile(member, fileId, head, 10)).toMatchObject({ events: [], progress });
    expect(await events.readTenant(outsider, head, 10)).toMatchObject({ progress: [] });
    expect(await events.readTenant(userContext(), head, 10)).toMatchObject({ progress: [] });
    const { entityTag } = (await files.find(member, fileId)) ?? {};
    await versions.renewLease(worker, claim, 60, { scannedBytes: 5, totalBytes: 10 });
    expect(await files.find(member, fileId)).toMatchObject({ entityTag, scanProgress: { scannedBytes: 5 } });
  });

  it('misses no transaction that began earlier and commits later', async () => {
    const context = userContext();
    const [slow, quick, third] = [await made(context), await made(context), await made(context)];
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    const arrive = (one: NewUpload) =>
      client.query('SELECT * FROM record_upload($1, $2, $3, $4, $5, $6)', [
        ...[JSON.stringify(context), one.versionId, 'v1', 'e1', 10, null],
      ]);
    try {
      await client.query('BEGIN');
      await arrive(slow);
      // Its number is not taken yet: what began later overtakes it.
      await uploads.recordArrival(context, quick.versionId, ARRIVAL);
      const before = await events.readTenant(context, 3, 10);
      expect(before.events.map(({ fileId }) => fileId)).toEqual([quick.fileId]);
      // Now it has a number: whoever wants the next one waits for its commit, so that nobody can read past it.
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      const next = uploads.recordArrival(context, third.versionId, ARRIVAL);
      await eventually('the next waits for the feed', async () => {
        const waiting = await database.query(
          `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
        );
        return waiting.length === 1;
      });
      expect((await events.readTenant(context, before.head, 10)).events).toEqual([]);
      await client.query('COMMIT');
      await next;
      const rest = await events.readTenant(context, before.head, 10);
      expect(rest.events.map(({ seq, fileId }) => [seq, fileId])).toEqual([
        [5, slow.fileId],
        [6, third.fileId],
      ]);
    } finally {
      await client.end();
    }
  });

  it('steps of every kind on the same files at the same time neither deadlock nor skip a number', async () => {
    const context = userContext();
    const all = await Promise.all(Array.from({ length: 30 }, () => made(context)));
    const clean = await Promise.all(Array.from({ length: 15 }, () => cleanOne(context)));
    const versions = new VersionsRepository(tenants);
    const seen: number[] = [];
    const work = { done: false };
    const follow = (async () => {
      for (let after = 0; !work.done || after < (await events.head(context));) {
        const { events: page } = await events.readTenant(context, after, 7);
        seen.push(...page.map(({ seq }) => seq));
        after = page.at(-1)?.seq ?? after;
      }
    })();
    const staging = new SystemStagingRepository(system);
    await Promise.all([
      // The one locks the version and then the file, the other only the file.
      ...clean.flatMap(({ fileId, versionId, epoch }) => [
        versions.publish(context, { versionId, epoch }),
        files.update(context, fileId, { filename: 'd' }, null),
      ]),
      ...all.map((one) => uploads.recordArrival(context, one.versionId, ARRIVAL)),
      ...all.map((one) => files.update(context, one.fileId, { filename: 'c' }, null)),
      ...all.slice(10).map((one) => files.delete(context, one.fileId)),
      staging.expire({ actor: 'system:staging-reaper' }, 0.000_1, 1_000),
    ]);
    work.done = true;
    await follow;
    expect(seen).toEqual(seen.map((_, index) => index + 1));
    expect(seen.length).toBeGreaterThanOrEqual(30 + 30 + 20 + 15 * 6);
  });

  it('forgets what is old and remembers how far', async () => {
    const context = userContext();
    for (let count = 0; count < 3; count += 1) await made(context);
    const trimmer = new SystemFileEventsRepository(system);
    expect(await trimmer.trim(3_600, 1_000)).toBe(0);
    await database.query(`UPDATE file_events SET at = at - interval '2 hours' WHERE tenant_id = $1 AND seq < 3`, [
      context.tenantId,
    ]);
    expect(await trimmer.trim(3_600, 1)).toBe(1);
    expect(await trimmer.trim(3_600, 1_000)).toBe(1);
    expect(await events.readTenant(context, 0, 10)).toMatchObject({ head: 3, trimmed: 2, events: [{ seq: 3 }] });
  });

  it('reads the last events of a tenant without reading its files', async () => {
    const context = userContext();
    await database.query(
      `INSERT INTO files (tenant_id, id, bucket, filename, created_by)
       SELECT $1, md5('f' || n)::uuid, 'assets', 'a', md5('u')::uuid FROM generate_series(1, 1000) n`,
      [context.tenantId],
    );
    await database.query(
      `INSERT INTO file_events (tenant_id, seq, at, type, file_id)
       SELECT $1, n, now(), 'file.changed', md5('f' || 1 + n % 1000)::uuid FROM generate_series(1, 100000) n`,
      [context.tenantId],
    );
    await database.query(`INSERT INTO tenant_feeds VALUES ($1, 100000, 0)`, [context.tenantId]);
    await database.query('ANALYZE');
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    try {
      for (const mode of ['force_custom_plan', 'force_generic_plan']) {
        await client.query(`BEGIN; SET LOCAL plan_cache_mode = ${mode}`);
        const { rows } = await client.query<{ events: unknown[] }>('SELECT * FROM read_tenant_events($1, $2, $3)', [
          ...[JSON.stringify(context), 99_950, 200],
        ]);
        expect(rows[0]?.events).toHaveLength(50);
        const scans = await client.query(
          `SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE relname IN ('files', 'file_events') ORDER BY 1`,
        );
        expect(scans.rows).toEqual([
          { relname: 'file_events', seq_scan: '0' },
          { relname: 'files', seq_scan: '0' },
        ]);
        await client.query('COMMIT');
      }
    } finally {
      await client.end();
    }
  });

  it('names a tenant instead of many files', async () => {
    const context = userContext();
    const ids = await Promise.all(Array.from({ length: 20 }, async () => (await made(context)).fileId));
    hints.length = 0;
    await tenants.call(context, `SELECT delete_file($1, f) FROM unnest($2::uuid[]) f`, [ids satisfies FileId[]]);
    expect(hints).toEqual([{ tenantId: context.tenantId, fileId: null }]);
  });
});
