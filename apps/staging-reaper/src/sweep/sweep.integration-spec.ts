import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { FilesRepository } from '@custody/data';
import {
  objectKey,
  stagingKey,
  newId,
  thumbnailKey,
  type FileId,
  type TenantId,
  type VersionId,
} from '@custody/domain';
import type { INestApplicationContext } from '@nestjs/common';
import { CleanEnded } from '../cleanup/clean-ended.service.js';
import { PurgeDeleted } from '../purge/purge-deleted.service.js';
import { ReaperBench } from '../reaper.fixture.js';
import { ReportOrphans } from './report-orphans.service.js';
import { SweepStaging } from './sweep-staging.service.js';
import { VerifyAvailable } from './verify-available.service.js';

const ref = () => ({ tenantId: newId<TenantId>(), fileId: newId<FileId>(), versionId: newId<VersionId>() });

describe('sweeping whole buckets', () => {
  let bench: ReaperBench;
  /** For which everything is old at once, as far as the store's clock (whole seconds) can tell. */
  let reaper: INestApplicationContext;
  let patient: INestApplicationContext;

  beforeAll(async () => {
    bench = await ReaperBench.open();
    reaper = await bench.reaper({
      FILES_STAGING_TTL_HOURS: '0.0001',
      FILES_STAGING_GRACE_MINUTES: '0',
      REAPER_COPY_GRACE_SEC: '0',
      FILES_DELETE_RETENTION_DAYS: '0',
    });
    patient = await bench.reaper();
  }, 60_000);
  afterAll(() => bench.close(), 60_000);
  beforeEach(() =>
    bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  /** Sweeps until the store's clock has left what was put behind. */
  async function sweepUntil(reached: (total: Record<string, number>) => boolean): Promise<Record<string, number>> {
    const total: Record<string, number> = {};
    for (const deadline = Date.now() + 15_000; !reached(total) && Date.now() < deadline;) {
      for (const [kind, count] of Object.entries(await bench.run(reaper, SweepStaging)))
        total[kind] = (total[kind] ?? 0) + count;
    }
    return total;
  }

  it('S6(iv) I6 removes bytes without a row or of an ended version, and unfinished parts; leaves pending ones and young ones', async () => {
    const late = await bench.uploaded();
    await reaper.get(FilesRepository).delete(late.context, late.upload.fileId);
    await bench.run(reaper, CleanEnded);
    await bench.put(late.stagingKey);
    const pending = await bench.uploaded();
    const unknown = stagingKey(ref());
    await bench.put(unknown);
    await bench.put(unknown);
    await bench.put('something/else');
    const probe = `_probe/${randomUUID()}`;
    await bench.put(probe);
    await bench.buckets.beginMultipart(stagingKey(ref()));

    expect(await bench.run(patient, SweepStaging)).toEqual({});
    expect(await sweepUntil(({ keys = 0, multiparts = 0 }) => keys >= 3 && multiparts >= 1)).toEqual({
      objects: 4,
      keys: 3,
      multiparts: 1,
    });
    const left: string[] = [];
    for await (const { key } of bench.store.listStaging()) left.push(key);
    expect(left.sort()).toEqual([pending.stagingKey, probe].sort());
    expect(await bench.stateOf(pending)).toBe('uploaded');
    expect(await bench.violations()).toEqual([]);
  }, 30_000);

  it('F23 reports main objects no row explains, in both directions, and deletes nothing', async () => {
    const fine = await bench.available();
    const lost = await bench.available();
    await bench.store.deleteMain(lost.mainKey);
    const orphan = objectKey(ref(), 'exports');
    await bench.putMain(orphan);
    await bench.putMain('foreign');
    const unscanned = await bench.uploaded();
    await bench.putMain(unscanned.mainKey);

    expect(await bench.run(reaper, ReportOrphans)).toEqual({ orphans: 3 });
    expect(await bench.run(reaper, VerifyAvailable)).toEqual({ verified: 2, missing: 1 });
    for (const mainKey of [fine.mainKey, orphan, 'foreign', unscanned.mainKey])
      expect(await bench.store.head({ bucket: 'main', key: mainKey })).not.toBeNull();
    await Promise.all([orphan, 'foreign', unscanned.mainKey].map((key) => bench.store.deleteMain(key)));
    expect(await bench.run(reaper, ReportOrphans)).toEqual({});
  });

  it('F13 takes away a copy that came in after its file had been deleted, cleaned or purged', async () => {
    const [copied, purged] = [await bench.clean(), await bench.available()];
    for (const { context, upload } of [copied, purged])
      await reaper.get(FilesRepository).delete(context, upload.fileId);
    await bench.run(reaper, CleanEnded);
    await bench.run(reaper, PurgeDeleted);
    for (const { mainKey } of [copied, purged]) await bench.putMain(mainKey);
    expect(await bench.run(reaper, ReportOrphans)).toMatchObject({ 'late copies': 2 });
    expect(await bench.bytesOf(copied)).toEqual([0, false]);
    expect(await bench.bytesOf(purged)).toEqual([0, false]);
    expect(await bench.violations()).toEqual([]);
  });

  it('M25 F23 explains what was derived by its version, purges it with its file, and takes away what came in later', async () => {
    const [fine, purged] = [await bench.available(), await bench.available()];
    const thumbnailOf = ({ upload, context }: typeof fine) =>
      thumbnailKey({ ...upload, tenantId: context.tenantId }, 128, 'webp');
    const orphan = thumbnailKey(ref(), 512, 'jpeg');
    // What the tests before left behind has no rows any more.
    const { orphans: before = 0 } = await bench.run(reaper, ReportOrphans);
    for (const key of [thumbnailOf(fine), thumbnailOf(purged), orphan]) await bench.putMain(key);
    expect(await bench.run(reaper, ReportOrphans)).toEqual({ orphans: before + 1 });
    await bench.store.deleteMain(orphan);

    await reaper.get(FilesRepository).delete(purged.context, purged.upload.fileId);
    await bench.run(reaper, PurgeDeleted);
    expect(await bench.store.head({ bucket: 'main', key: thumbnailOf(purged) })).toBeNull();
    expect(await bench.store.head({ bucket: 'main', key: thumbnailOf(fine) })).not.toBeNull();
    await bench.putMain(thumbnailOf(purged));
    expect(await bench.run(reaper, ReportOrphans)).toMatchObject({ 'late copies': 1 });
    expect(await bench.violations()).toEqual([]);
  });

  it('verifies a bounded number, and every version once when there is room for all', async () => {
    for (let index = 0; index < 5; index++) await bench.available();
    const frugal = await bench.reaper({ REAPER_VERIFY_PER_SWEEP: '3' });
    expect(await bench.run(frugal, VerifyAvailable)).toEqual({ verified: 3 });
    expect(await bench.run(patient, VerifyAvailable)).toEqual({ verified: 5 });
  });
});
