import 'reflect-metadata';
import { FilesRepository } from '@custody/data';
import type { INestApplicationContext } from '@nestjs/common';
import { ExpireStale } from '../expire/expire-stale.service.js';
import { PurgeDeleted } from '../purge/purge-deleted.service.js';
import { ConfirmArrivals } from '../reconcile/confirm-arrivals.service.js';
import { ReaperBench, type Seed } from '../reaper.fixture.js';
import { CleanEnded } from './clean-ended.service.js';

describe('expiring, cleaning and purging', () => {
  let bench: ReaperBench;
  let reaper: INestApplicationContext;
  let patient: INestApplicationContext;

  beforeAll(async () => {
    bench = await ReaperBench.open();
    const now = { REAPER_COPY_GRACE_SEC: '0', FILES_DELETE_RETENTION_DAYS: '0' };
    reaper = await bench.reaper(now);
    patient = await bench.reaper();
  }, 60_000);
  afterAll(() => bench.close(), 60_000);
  beforeEach(() =>
    bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  const age = (seed: Seed, hours: number) =>
    bench.database.query(`UPDATE file_versions SET created_at = now() - make_interval(hours => $2) WHERE id = $1`, [
      seed.upload.versionId,
      hours,
    ]);
  const remove = (seed: Seed) => reaper.get(FilesRepository).delete(seed.context, seed.upload.fileId);

  it('M22 ends what is older than the TTL, removes its bytes and parts, tells the uploader; leaves the younger', async () => {
    const [stale, young] = [await bench.uploaded(), await bench.uploaded()];
    await bench.put(stale.stagingKey, Buffer.from('overwritten meanwhile'));
    await bench.buckets.beginMultipart(stale.stagingKey);
    await age(stale, 25);
    await age(young, 23);
    expect(await bench.run(patient, ExpireStale)).toEqual({ expired: 1 });
    expect(await bench.run(patient, CleanEnded)).toEqual({ objects: 2, versions: 1 });
    expect([await bench.stateOf(stale), await bench.stateOf(young)]).toEqual(['rejected:expired', 'uploaded']);
    expect(await bench.bytesOf(stale)).toEqual([0, false]);
    expect(await bench.bytesOf(young)).toEqual([1, false]);
    expect(await bench.buckets.countMultiparts()).toBe(0);
    const rows = await bench.database.query(`SELECT data FROM outbox WHERE type = 'notify.notification.sent'`);
    expect(rows).toMatchObject([
      { data: { notification: 'file.expired', recipient: { userId: stale.upload.createdBy } } },
    ]);
    expect(await bench.run(patient, CleanEnded)).toEqual({});
    expect(await bench.violations()).toEqual([]);
  });

  it('cleans what expired though the reconciler had put off its next look for hours', async () => {
    const [stale, absent] = [await bench.initiate(), await bench.initiate()];
    await age(stale, 23);
    const curious = await bench.reaper({ RECONCILE_AFTER_SEC: '0' });
    expect(await bench.run(curious, ConfirmArrivals)).toEqual({ absent: 2 });
    await bench.put(stale.stagingKey);
    await age(stale, 25);
    await age(absent, 25);
    await bench.database.query('UPDATE file_versions SET reconcile_at = NULL WHERE id = $1', [absent.upload.versionId]);
    expect(await bench.run(curious, ConfirmArrivals)).toEqual({});
    await bench.run(reaper, ExpireStale);
    expect(await bench.run(reaper, CleanEnded)).toEqual({ objects: 1, versions: 2 });
    expect(await bench.bytesOf(stale)).toEqual([0, false]);
    expect(await bench.violations()).toEqual([]);
  });

  it('F16 leaves a version that is being copied alone for the grace, then removes both its copies', async () => {
    const copied = await bench.clean();
    await remove(copied);
    expect(await bench.run(patient, CleanEnded)).toEqual({});
    expect(await bench.bytesOf(copied)).toEqual([1, true]);
    expect(await bench.run(reaper, CleanEnded)).toEqual({ objects: 2, versions: 1 });
    expect(await bench.bytesOf(copied)).toEqual([0, false]);
    expect(await bench.violations()).toEqual([]);
  });

  it('removes the staging bytes of an available version and never its main object', async () => {
    const seed = await bench.available();
    expect(await bench.run(reaper, CleanEnded)).toEqual({ objects: 1, versions: 1 });
    expect(await bench.bytesOf(seed)).toEqual([0, true]);
    expect(await bench.violations()).toEqual([]);
  });

  it('F23 leaves main bytes of a rejected version whose clean verdict the database does not know', async () => {
    const seed = await bench.uploaded();
    await bench.putMain(seed.mainKey);
    await age(seed, 25);
    await bench.run(reaper, ExpireStale);
    await bench.run(reaper, CleanEnded);
    expect(await bench.bytesOf(seed)).toEqual([0, true]);
  });

  it('F17 two reapers at once clean and purge everything once', async () => {
    const seeds = await Promise.all(Array.from({ length: 12 }, () => bench.uploaded()));
    await Promise.all(seeds.map(remove));
    const second = await bench.reaper({ REAPER_COPY_GRACE_SEC: '0', FILES_DELETE_RETENTION_DAYS: '0' });
    const cleaned = await Promise.all([reaper, second].map((app) => bench.run(app, CleanEnded)));
    expect(sum(cleaned, 'versions')).toBe(12);
    expect(sum(cleaned, 'objects')).toBe(12);
    const purged = await Promise.all([reaper, second].map((app) => bench.run(app, PurgeDeleted)));
    expect(sum(purged, 'files')).toBe(12);
    const rows = await bench.database.query(`SELECT count(*)::int AS n FROM audit_log WHERE action = 'file.purged'`);
    expect(rows).toEqual([{ n: 12 }]);
    expect(await bench.violations()).toEqual([]);
  });

  it('purges the bytes of a deleted file after the retention, not before', async () => {
    const seed = await bench.available();
    await remove(seed);
    expect(await bench.run(patient, PurgeDeleted)).toEqual({});
    expect(await bench.bytesOf(seed)).toEqual([1, true]);
    expect(await bench.run(reaper, PurgeDeleted)).toEqual({ objects: 2, files: 1 });
    expect(await bench.bytesOf(seed)).toEqual([0, false]);
    expect(await bench.run(reaper, PurgeDeleted)).toEqual({});
    expect(await bench.violations()).toEqual([]);
  });

  it('F12 fails while the store is away, and comes back to what it had claimed', async () => {
    const unreachable = await bench.reaper({ S3_ENDPOINT: 'http://127.0.0.1:1' });
    const seed = await bench.uploaded();
    await remove(seed);
    await expect(bench.run(unreachable, CleanEnded)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await bench.run(reaper, CleanEnded)).toEqual({});
    await bench.database.query('UPDATE file_versions SET reconcile_at = now()');
    expect(await bench.run(reaper, CleanEnded)).toEqual({ objects: 1, versions: 1 });
  });
});

const sum = (counts: readonly Record<string, number>[], kind: string): number =>
  counts.reduce((total, count) => total + (count[kind] ?? 0), 0);
