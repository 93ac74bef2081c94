import { FILE_TYPES, newId, TRANSITIONS, VERSION_STATES, type TenantId } from '@custody/domain';
import { testPool, cleanVerdict, freshDatabase, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import pg from 'pg';
import {
  FilesRepository,
  SystemDatabase,
  SystemScanQueueRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type NewUpload,
} from './index.js';

const SHA = 'a'.repeat(64);
const POLICY = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const WORKER = { actor: 'system:scan-worker' } as const;

describe('the pipeline in PostgreSQL', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let admin: pg.Pool;
  let uploads: UploadsRepository;
  let files: FilesRepository;
  let versions: VersionsRepository;
  let queue: SystemScanQueueRepository;
  let staging: SystemStagingRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' });
    admin = testPool(database.adminUrl);
    uploads = new UploadsRepository(tenants);
    files = new FilesRepository(tenants);
    versions = new VersionsRepository(tenants);
    queue = new SystemScanQueueRepository(system);
    staging = new SystemStagingRepository(system);
  });

  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown(), admin.end()]);
    await database.drop();
  });

  beforeEach(async () => {
    await admin.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE');
  });

  const upload = () => uploadRecord({ filename: 'ключ "1".pdf', metadata: { a: 1 } });
  const arrival = { storeVersion: 'v1', etag: 'e1', size: 10, sniffedMimeType: 'application/pdf' };
  const verdict = cleanVerdict(SHA);

  async function uploaded(context = userContext()): Promise<NewUpload> {
    const one = upload();
    await uploads.createPending(context, one, 100_000);
    await uploads.recordArrival(context, one.versionId, arrival);
    return one;
  }

  it('carries a version to available: one audit row per transition, quota back at zero, events with stable ids', async () => {
    const context = userContext();
    const one = await uploaded(context);
    expect(await files.find(context, one.fileId)).toMatchObject({
      state: 'uploaded',
      filename: one.filename,
      size: 10,
    });
    expect(await uploads.countPending(context)).toBe(1);

    const claimed = await queue.claim(WORKER, POLICY);
    expect(claimed).toMatchObject({ id: one.versionId, state: 'scanning', epoch: 1, starts: 1, storeVersion: 'v1' });
    const claim = { versionId: one.versionId, epoch: 1 };
    const step = await versions.recordVerdict(context, claim, verdict, 60);
    expect(step.applied).toBe(true);
    expect(await uploads.countPending(context)).toBe(0);
    const published = await versions.publish(context, claim);
    expect(published.events.map((event) => event.type).sort()).toEqual(['derive.requested', 'file.available']);
    expect(await versions.publish(context, claim)).toEqual({ applied: false, events: [] });

    const actions = await admin.query('SELECT action, actor, request_id FROM audit_log ORDER BY id');
    expect(actions.rows.map((row: { action: string }) => row.action)).toEqual([
      'version.awaiting_upload',
      'version.uploaded',
      'version.scanning',
      'version.clean',
      'version.available',
    ]);
    expect(actions.rows[0]).toMatchObject({ actor: context.actor, request_id: 'request-1' });
    expect(actions.rows[2]).toMatchObject({ actor: 'system:scan-worker' });
  });

  it('M24 the types to derive from in the database are those of the catalogue', async () => {
    const { rows } = await admin.query('SELECT mime_type, derivation FROM derivable_types ORDER BY 1');
    const catalogued = FILE_TYPES.filter(({ derivation }) => derivation !== null)
      .map(({ mimeType, derivation }) => ({ mime_type: mimeType, derivation }))
      .sort((one, other) => (one.mime_type < other.mime_type ? -1 : 1));
    expect(rows).toEqual(catalogued);
  });

  it('I4 the state machine in the database is the one in the domain', async () => {
    const { rows } = await admin.query<{ edge: string }>(
      'SELECT from_state || $1 || to_state AS edge FROM version_transitions',
      ['>'],
    );
    const expected = VERSION_STATES.flatMap((from) => TRANSITIONS[from].map((to) => `${from}>${to}`));
    expect(rows.map((row) => row.edge).sort()).toEqual(expected.sort());
  });

  it('I10 refuses clean without a hash, a changed pin and a forbidden edge, whoever asks', async () => {
    const one = await uploaded();
    const set = (change: string) => admin.query(`UPDATE file_versions SET ${change} WHERE id = $1`, [one.versionId]);
    await expect(set("state = 'available'")).rejects.toThrow('may not go');
    await expect(set("store_version = 'v2'")).rejects.toThrow('never change');
    await set("state = 'scanning', epoch = 1");
    await expect(set("state = 'clean', verdict = 'clean', coverage = 'full'")).rejects.toThrow('clean_has_verdict');
    await expect(set(`state = 'clean', verdict = 'clean', coverage = 'none', sha256 = '${SHA}'`)).rejects.toThrow(
      'clean_has_verdict',
    );
  });

  it('F9 M12 lets exactly 100 in under 300 parallel initiates, and the counter equals a recount (I5)', async () => {
    const context = userContext();
    const results = await Promise.all(Array.from({ length: 300 }, () => uploads.createPending(context, upload(), 100)));
    expect(results.filter((at) => at !== null)).toHaveLength(100);
    const { rows } = await admin.query(
      'SELECT (SELECT pending FROM tenant_quota) AS pending, (SELECT count(*)::int FROM files) AS files',
    );
    expect(rows[0]).toEqual({ pending: 100, files: 100 });
  });

  it('F8 of 50 parallel confirms one applies and one event exists', async () => {
    const context = userContext();
    const one = upload();
    await uploads.createPending(context, one, 100);
    const steps = await Promise.all(
      Array.from({ length: 50 }, () => uploads.recordArrival(context, one.versionId, arrival)),
    );
    expect(steps.filter((step) => step?.applied)).toHaveLength(1);
    expect(new Set(steps.map((step) => step?.state))).toEqual(new Set(['uploaded']));
    expect((await admin.query('SELECT id FROM outbox')).rows).toHaveLength(1);
  });

  it('S32 shows nothing to another tenant or without one, and takes no foreign row', async () => {
    const one = await uploaded();
    const stranger = userContext();
    expect(await files.find(stranger, one.fileId)).toBeNull();
    expect(await files.delete(stranger, one.fileId)).toBe(false);
    expect(await uploads.recordArrival(stranger, one.versionId, arrival)).toBeNull();
    const app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    try {
      for (const table of ['files', 'file_versions', 'tenant_quota', 'audit_log', 'outbox', 'deliveries'])
        expect((await app.query(`SELECT 1 FROM ${table}`)).rows).toEqual([]);
      await expect(
        app
          .query(`SELECT set_config('app.tenant_id', $1, false)`, [stranger.tenantId])
          .then(() => app.query(`INSERT INTO tenant_quota (tenant_id, pending) VALUES ($1, 0)`, [newId<TenantId>()])),
      ).rejects.toThrow('row-level security');
      await expect(app.query('UPDATE audit_log SET actor = $1', ['nobody'])).rejects.toThrow('permission denied');
      await expect(app.query('DELETE FROM audit_log')).rejects.toThrow('permission denied');
      await expect(app.query(`SELECT claim_version('{}', '1 min', 1, 1, 1)`)).rejects.toThrow('permission denied');
    } finally {
      await app.end();
    }
  });

  it('M21 takes the oldest first, and over the threshold the newest with every 4th claim the oldest', async () => {
    const context = userContext();
    const order: string[] = [];
    for (let index = 0; index < 12; index++) order.push((await uploaded(context)).versionId);
    const policy = { ...POLICY, newestFirstAbove: 4 };
    const taken: number[] = [];
    for (let index = 0; index < 12; index++)
      taken.push(order.indexOf((await queue.claim(WORKER, policy))?.id as string));
    expect(await queue.claim(WORKER, policy)).toBeNull();
    const oldest = taken.slice(0, 8).filter((position) => position < 4);
    expect(oldest).toHaveLength(2);
    expect(taken.slice(0, 8).filter((position) => position >= 4)[0]).toBe(11);
    expect(taken.slice(8)).toEqual([...taken.slice(8)].sort((a, b) => a - b));
  });

  it('F2 F15 claims again what a dead worker left, and gives up after the last start', async () => {
    const context = userContext();
    const one = await uploaded(context);
    for (let epoch = 1; epoch <= POLICY.maxStarts; epoch++) {
      expect(await queue.claim(WORKER, POLICY)).toMatchObject({ id: one.versionId, epoch });
      expect(await queue.claim(WORKER, POLICY)).toBeNull();
      await admin.query(`UPDATE file_versions SET lease_until = now() - interval '1 s'`);
    }
    expect(await versions.renewLease(context, { versionId: one.versionId, epoch: 1 }, 60)).toBe(false);
    expect(await queue.claim(WORKER, POLICY)).toBeNull();
    expect(await files.find(context, one.fileId)).toMatchObject({ state: 'rejected', rejectReason: 'failed' });
  });

  it('F10 hands work back without burning a start, and waits before the next', async () => {
    const context = userContext();
    const one = await uploaded(context);
    const claimed = await queue.claim(WORKER, POLICY);
    expect(await versions.handBack(context, { versionId: one.versionId, epoch: 1 }, 60, 1)).toBe(true);
    expect(claimed?.starts).toBe(1);
    expect(await queue.claim(WORKER, POLICY)).toBeNull();
    await admin.query('UPDATE file_versions SET retry_at = now()');
    expect(await queue.claim(WORKER, POLICY)).toMatchObject({ starts: 1, epoch: 2 });
  });

  it('M22 F17 two reapers expire each stale version once, leave leased ones, and tell the uploader', async () => {
    const context = userContext();
    await Promise.all(Array.from({ length: 20 }, () => uploads.createPending(context, upload(), 100)));
    const running = await uploaded(context);
    await queue.claim(WORKER, POLICY);
    const reaper = { actor: 'system:staging-reaper' } as const;
    const [a, b] = await Promise.all([staging.expire(reaper, 0, 1000), staging.expire(reaper, 0, 1000)]);
    expect(a.length + b.length).toBe(20);
    expect(await files.find(context, running.fileId)).toMatchObject({ state: 'scanning' });
    const { rows } = await admin.query(`SELECT data FROM outbox WHERE type = 'notify.notification.sent'`);
    expect(rows).toHaveLength(20);
    expect(rows[0]).toMatchObject({
      data: { notification: 'file.expired', recipient: { userId: expect.any(String) as string } },
    });
    expect(await uploads.countPending(context)).toBe(1);
  });

  it('M29 deleting a file ends its unfinished version and hides it', async () => {
    const context = userContext();
    const one = await uploaded(context);
    await queue.claim(WORKER, POLICY);
    expect(await files.delete(context, one.fileId)).toBe(true);
    expect(await files.delete(context, one.fileId)).toBe(false);
    expect(await files.find(context, one.fileId)).toBeNull();
    expect((await versions.recordVerdict(context, { versionId: one.versionId, epoch: 1 }, verdict, 60)).applied).toBe(
      false,
    );
    expect(await staging.claimEnded(0, 60, 10)).toEqual([
      {
        tenantId: context.tenantId,
        fileId: one.fileId,
        versionId: one.versionId,
        bucket: 'documents',
        state: 'rejected',
        passed: false,
      },
    ]);
    expect(await staging.claimPurgeable(0, 60, 10)).toMatchObject([
      { fileId: one.fileId, versionIds: [one.versionId] },
    ]);
  });

  it('M37 writes an audit row for a download URL only when there is something to download', async () => {
    const context = userContext();
    const one = await uploaded(context);
    expect(await files.grantDownload(context, one.fileId, { expiresIn: 60 })).toMatchObject({ state: 'uploaded' });
    const count = () =>
      admin.query(`SELECT count(*)::int AS n FROM audit_log WHERE action = 'file.download_url_created'`);
    expect((await count()).rows[0]).toEqual({ n: 0 });
    await queue.claim(WORKER, POLICY);
    await versions.recordVerdict(context, { versionId: one.versionId, epoch: 1 }, verdict, 60);
    await versions.publish(context, { versionId: one.versionId, epoch: 1 });
    expect(await files.grantDownload(context, one.fileId, { expiresIn: 60 })).toMatchObject({ state: 'available' });
    expect((await count()).rows[0]).toEqual({ n: 1 });
  });
});
