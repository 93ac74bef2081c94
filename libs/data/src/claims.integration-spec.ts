import { toCloudEvent, type OutboxEvent } from '@custody/contracts';
import { testPool, freshDatabase, uploadRecord, userContext, type FreshDatabase } from '@custody/testing';
import type pg from 'pg';
import {
  DeliveriesRepository,
  SystemDatabase,
  SystemOutboxRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
  type StepContext,
} from './index.js';

const REAPER = { actor: 'system:staging-reaper' } as const;

describe('what reapers and relays claim in PostgreSQL', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let admin: pg.Pool;
  let uploads: UploadsRepository;
  let staging: SystemStagingRepository;
  let outbox: SystemOutboxRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' });
    admin = testPool(database.adminUrl);
    uploads = new UploadsRepository(tenants);
    staging = new SystemStagingRepository(system);
    outbox = new SystemOutboxRepository(system);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown(), admin.end()]);
    await database.drop();
  });
  beforeEach(async () => {
    await admin.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE');
  });

  async function uploaded(): Promise<void> {
    const [context, one] = [userContext(), uploadRecord()];
    await uploads.createPending(context, one, 100);
    const arrival = { storeVersion: 'v1', etag: 'e1', size: 10, sniffedMimeType: null };
    await uploads.recordArrival(context, one.versionId, arrival);
  }

  it('F20 a second relay leaves leased events alone; a dead one loses its lease', async () => {
    await uploaded();
    expect(await outbox.lease(0, 60, 10)).toHaveLength(1);
    expect(await outbox.lease(0, 60, 10)).toEqual([]);
    await admin.query(`UPDATE outbox SET locked_until = now() - interval '1 s'`);
    const again = await outbox.lease(0, 60, 10);
    await outbox.markPublished(again);
    await admin.query('UPDATE outbox SET locked_until = NULL');
    expect(await outbox.lease(0, 60, 10)).toEqual([]);
    expect(await outbox.trim(0, 10)).toBe(1);
  });

  it('F4 finds again what was published and never delivered, and forgets it only after delivery', async () => {
    await uploaded();
    await staging.expire(REAPER, 0, 10);
    await outbox.markPublished(await outbox.lease(0, 60, 10));
    expect(await outbox.backlog()).toMatchObject({ unpublished: 0, undelivered: 1 });
    const [lost, ...others] = await outbox.claimUndelivered(0, 60, 10);
    expect(lost).toMatchObject({ type: 'notify.notification.sent' });
    expect(others).toEqual([]);
    expect(await outbox.claimUndelivered(0, 60, 10)).toEqual([]);
    expect(await outbox.trim(0, 10)).toBe(1);
    await new DeliveriesRepository(tenants).complete(toCloudEvent(lost as OutboxEvent, 'notify.notification.sent'));
    expect(await outbox.backlog()).toEqual({ unpublished: 0, undelivered: 0, oldestSec: 0 });
    expect(await outbox.trim(0, 10)).toBe(1);
  });

  it('F17 two reapers expire 400 versions of ten tenants at once without a deadlock', async () => {
    const owners = Array.from({ length: 10 }, () => userContext());
    await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        uploads.createPending(owners[index % 10] as StepContext, uploadRecord(), 100),
      ),
    );
    const reap = async () => {
      let count = 0;
      for (let batch = 1; batch > 0; count += batch) batch = (await staging.expire(REAPER, 0, 30)).length;
      return count;
    };
    const counts = await Promise.all([reap(), reap(), reap()]);
    expect(counts.reduce((sum, count) => sum + count)).toBe(400);
    const { rows } = await admin.query('SELECT sum(pending)::int AS pending FROM tenant_quota');
    expect(rows).toEqual([{ pending: 0 }]);
  });
});
