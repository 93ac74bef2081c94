import type { OutboxEvent } from '@custody/contracts';
import type { UserId, VersionId } from '@custody/domain';
import { cleanVerdict, freshDatabase, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import {
  DerivationsRepository,
  FilesRepository,
  SystemDatabase,
  SystemOutboxRepository,
  SystemScanQueueRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type DerivationRecord,
  type StepContext,
} from './index.js';

const POLICY = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const DONE: DerivationRecord = {
  ...{ status: 'done', reason: null, width: null, height: null, pageCount: 7 },
  thumbnails: [128, 512],
};

describe('derived data in PostgreSQL', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let files: FilesRepository;
  let derivations: DerivationsRepository;
  let outbox: SystemOutboxRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 4, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 2, applicationName: 'test' });
    files = new FilesRepository(tenants);
    derivations = new DerivationsRepository(tenants);
    outbox = new SystemOutboxRepository(system);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown()]);
    await database.drop();
  });
  beforeEach(() =>
    database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  async function available(context: StepContext, mimeType = 'application/pdf') {
    const upload = uploadRecord({ mimeType });
    const uploads = new UploadsRepository(tenants);
    const versions = new VersionsRepository(tenants);
    await uploads.createPending(context, upload, 100);
    const arrival = { storeVersion: 's', etag: 'e', size: upload.size, sniffedMimeType: null };
    await uploads.recordArrival(context, upload.versionId, arrival);
    const claimed = await new SystemScanQueueRepository(system).claim({ actor: 'system:scan-worker' }, POLICY);
    const claim = { versionId: upload.versionId, epoch: claimed?.epoch ?? 0 };
    await versions.recordVerdict(context, claim, cleanVerdict('a'.repeat(64)), 60);
    return { ...upload, events: (await versions.publish(context, claim)).events };
  }
  const typesOf = (events: readonly OutboxEvent[]) => events.map(({ type }) => type).sort();

  it('M24 asks for it with the publication, of types something is derived from only', async () => {
    const context = userContext();
    expect(typesOf((await available(context)).events)).toEqual(['derive.requested', 'file.available']);
    expect(typesOf((await available(context, 'text/plain')).events)).toEqual(['file.available']);
  });

  it('M24 M25 shows what came of it, under a new entity tag, and can do it again', async () => {
    const context = userContext();
    const { fileId, versionId } = await available(context);
    const before = await files.find(context, fileId);
    expect(before).toMatchObject({ derivation: 'pdf', derivationStatus: null, pageCount: null, thumbnails: [] });
    expect(await derivations.record(context, versionId, DONE)).toBe(true);
    const after = await files.find(context, fileId);
    expect(after).toMatchObject({ derivationStatus: 'done', pageCount: 7, thumbnails: [128, 512], state: 'available' });
    expect(after?.entityTag).not.toBe(before?.entityTag);
    const crashed = { ...DONE, status: 'failed', reason: 'crashed', pageCount: null, thumbnails: [] } as const;
    expect(await derivations.record(context, versionId, crashed)).toBe(true);
    expect(await files.find(context, fileId)).toMatchObject({
      ...{ derivationStatus: 'failed', derivationReason: 'crashed', state: 'available', verdict: 'clean' },
    });
  });

  it('F4 a request that Redis lost is found again until its outcome is recorded', async () => {
    const context = userContext();
    const { versionId, events } = await available(context);
    await outbox.markPublished(events);
    await database.query(`UPDATE outbox SET published_at = now() - interval '1 hour'`);
    expect(typesOf(await outbox.claimUndelivered(60, 0, 10))).toEqual(['derive.requested', 'file.available']);
    await derivations.record(context, versionId, DONE);
    await database.query('UPDATE outbox SET locked_until = NULL');
    expect(typesOf(await outbox.claimUndelivered(60, 0, 10))).toEqual(['file.available']);
  });

  it('M34 records nothing for a deleted file, nor for the version of another tenant', async () => {
    const context = userContext();
    const { fileId, versionId } = await available(context);
    expect(await derivations.record(userContext(), versionId, DONE)).toBe(false);
    await files.delete(context, fileId);
    expect(await derivations.record(context, versionId, DONE)).toBe(false);
    expect(await database.query('SELECT 1 FROM derivations')).toEqual([]);
    await expect(insertAs(context, versionId)).rejects.toThrow(/row-level security/);
  });

  /** Straight past the functions, as tenant `context` and for another one (S32). */
  function insertAs(context: StepContext, versionId: VersionId): Promise<unknown> {
    const other = userContext().tenantId as unknown as UserId;
    return tenants.call(
      context,
      `INSERT INTO derivations (tenant_id, version_id, status) SELECT $2::uuid, $3::uuid, 'done' FROM jsonb_typeof($1::jsonb)`,
      [other, versionId],
    );
  }
});
