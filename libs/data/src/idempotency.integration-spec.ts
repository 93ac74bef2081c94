import { newId, type AccessGroupId, type FolderId, type UserId } from '@custody/domain';
import { testPool, freshDatabase, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import type pg from 'pg';
import {
  AccessGroupsRepository,
  FoldersRepository,
  IdempotencyKeysRepository,
  SystemDatabase,
  SystemIdempotencyKeysRepository,
  TenantDatabase,
  UploadsRepository,
  type OnceContext,
} from './index.js';

const once = (key = 'k', fingerprint = 'f') => ({ key, fingerprint, keepSec: 3_600, replayed: false });

describe('steps that happen once a key', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let admin: pg.Pool;
  let uploads: UploadsRepository;
  let keys: IdempotencyKeysRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 2, applicationName: 'test' });
    admin = testPool(database.adminUrl);
    uploads = new UploadsRepository(tenants);
    keys = new IdempotencyKeysRepository(tenants);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown(), admin.end()]);
    await database.drop();
  });

  const countOf = async (table: string, { tenantId }: OnceContext) =>
    (await admin.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE tenant_id = $1`, [tenantId]))
      .rows[0]?.n;
  const again = (context: OnceContext, change: Partial<OnceContext['once']> = {}): OnceContext => ({
    ...context,
    once: { ...context.once, replayed: false, ...change },
  });
  const caller = (): OnceContext => ({ ...userContext(), once: once() });

  it('makes one upload of 50 at the same time, and tells each of them its ids', async () => {
    const context = caller();
    const contexts = Array.from({ length: 50 }, () => again(context));
    const made = await Promise.all(contexts.map((one) => uploads.createPendingOnce(one, uploadRecord(), 10)));
    expect(new Set(made.map((one) => one?.fileId)).size).toBe(1);
    expect(contexts.filter(({ once: { replayed } }) => !replayed)).toHaveLength(1);
    expect(await uploads.countPending(context)).toBe(1);
    expect(await countOf('files', context)).toBe(1);
  });

  it('answers a folder and a group as they were first made', async () => {
    const context = caller();
    const [folders, groups] = [new FoldersRepository(tenants), new AccessGroupsRepository(tenants)];
    const folder = () => ({ folderId: newId<FolderId>(), parentId: null, name: 'a', createdBy: newId<UserId>() });
    const first = await folders.create(context, folder(), 32);
    const second = again(context);
    expect(await folders.create(second, folder(), 32)).toEqual(first);
    expect(second.once.replayed).toBe(true);
    const underAnother = again(context, { key: 'other' });
    const group = await groups.create(underAnother, newId<AccessGroupId>(), 'g');
    expect(await groups.create(again(underAnother), newId<AccessGroupId>(), 'g')).toEqual(group);
  });

  it('refuses a key for another request, and keeps none of a step that was refused', async () => {
    const context = caller();
    await uploads.createPendingOnce(context, uploadRecord(), 1);
    await expect(
      uploads.createPendingOnce(again(context, { fingerprint: 'other' }), uploadRecord(), 1),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    const full = again(context, { key: 'no place' });
    expect(await uploads.createPendingOnce(full, uploadRecord(), 1)).toBeNull();
    const placement = { accessGroupId: newId<AccessGroupId>() };
    await expect(uploads.createPendingOnce(full, uploadRecord({ placement } as object), 9)).rejects.toMatchObject({
      code: 'ACCESS_GROUP_NOT_FOUND',
    });
    expect(await countOf('idempotency_keys', context)).toBe(1);
    expect(await uploads.createPendingOnce(full, uploadRecord(), 9)).toMatchObject({ awaited: true });
  });

  it('lets nobody in while a claim holds, and of two that had it lets the later one win', async () => {
    const context = caller();
    const early = (await keys.claim(context, 60)) as OnceContext;
    const inFlight = { code: 'IDEMPOTENCY_KEY_IN_FLIGHT', retryAfterSec: 2 };
    await expect(keys.claim(again(context), 60)).rejects.toMatchObject(inFlight);
    await expect(uploads.createPendingOnce(again(context), uploadRecord(), 9)).rejects.toMatchObject(inFlight);
    expect(await keys.renew(early, 0)).toBe(true);
    const late = (await keys.claim(again(context), 60)) as OnceContext;
    expect(await keys.renew(early, 60)).toBe(false);
    await expect(uploads.createPendingOnce(early, uploadRecord(), 9)).rejects.toMatchObject(inFlight);
    await keys.release(early);
    expect(await uploads.createPendingOnce(late, uploadRecord(), 9)).not.toBeNull();
    await keys.release(late);
    expect(await uploads.countPending(context)).toBe(1);
    expect(await keys.claim(again(context), 60)).toMatchObject({ fingerprint: 'f' });
  });

  it('withdraws what nobody finished, with its key, and leaves what another request finished', async () => {
    const context = caller();
    const lost = uploadRecord();
    await uploads.createPendingOnce(context, lost, 9);
    expect(await uploads.withdraw(again(context), lost)).toBe(true);
    expect(await countOf('idempotency_keys', context)).toBe(0);
    const finished = uploadRecord();
    await uploads.createPendingOnce(again(context), finished, 9);
    const arrival = { storeVersion: 'v', etag: 'e', size: 10, sniffedMimeType: null };
    await uploads.recordArrival(context, finished.versionId, arrival);
    expect(await uploads.withdraw(again(context), finished)).toBe(false);
    expect(await countOf('idempotency_keys', context)).toBe(1);
  });

  it('forgets a key when its time is over, trimmed or not', async () => {
    const context = caller();
    const first = await uploads.createPendingOnce(again(context, { keepSec: 0 }), uploadRecord(), 9);
    const second = await uploads.createPendingOnce(again(context, { keepSec: 0 }), uploadRecord(), 9);
    expect(second?.fileId).not.toBe(first?.fileId);
    await uploads.createPendingOnce(again(context, { key: 'kept' }), uploadRecord(), 9);
    await new SystemIdempotencyKeysRepository(system).trim(1_000);
    expect(await countOf('idempotency_keys', context)).toBe(1);
  });

  it('S32 shows no tenant the keys of another, and none to a step without one', async () => {
    const context = caller();
    await uploads.createPendingOnce(context, uploadRecord(), 9);
    const app = await admin.connect();
    try {
      await app.query('SET ROLE custody_app');
      expect((await app.query('SELECT * FROM idempotency_keys')).rows).toEqual([]);
      await app.query("SELECT set_config('app.tenant_id', $1, false)", [newId()]);
      expect((await app.query('SELECT * FROM idempotency_keys')).rows).toEqual([]);
    } finally {
      app.release(true);
    }
    const stranger = { ...caller(), once: once() };
    expect((await uploads.createPendingOnce(stranger, uploadRecord(), 9)) !== null).toBe(true);
    expect(stranger.once.replayed).toBe(false);
  });
});
