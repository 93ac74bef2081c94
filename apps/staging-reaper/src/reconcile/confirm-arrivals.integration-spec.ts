import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { ReaperBench } from '../reaper.fixture.js';
import { ConfirmArrivals } from './confirm-arrivals.service.js';

describe('uploads nobody confirmed', () => {
  let bench: ReaperBench;
  let reaper: INestApplicationContext;

  beforeAll(async () => {
    bench = await ReaperBench.open();
    reaper = await bench.reaper({ RECONCILE_AFTER_SEC: '0' });
  }, 60_000);
  afterAll(() => bench.close(), 60_000);
  beforeEach(() =>
    bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  it('F7 M23 are confirmed when their bytes are there, rejected when they are others, left when there are none', async () => {
    const [arrived, wrong, absent] = [await bench.initiate(), await bench.initiate(), await bench.initiate()];
    await bench.put(arrived.stagingKey);
    await bench.put(wrong.stagingKey, Buffer.from('shorter'));
    expect(await bench.run(reaper, ConfirmArrivals)).toEqual({ confirmed: 1, rejected: 1, absent: 1 });
    expect(await Promise.all([arrived, wrong, absent].map((seed) => bench.stateOf(seed)))).toEqual([
      'uploaded',
      'rejected:size_mismatch',
      'awaiting_upload',
    ]);
    const rows = await bench.database.query(`SELECT DISTINCT actor FROM audit_log WHERE action = 'version.uploaded'`);
    expect(rows).toEqual([{ actor: 'system:reconciler' }]);
    expect(await bench.violations()).toEqual([]);
  });

  it('F17 are looked at by one of two reapers, and not again at once', async () => {
    const seeds = await Promise.all(Array.from({ length: 20 }, () => bench.initiate()));
    await Promise.all(seeds.map(({ stagingKey }) => bench.put(stagingKey)));
    const second = await bench.reaper({ RECONCILE_AFTER_SEC: '0' });
    const counts = await Promise.all([reaper, second].map((app) => bench.run(app, ConfirmArrivals)));
    expect(counts.reduce((sum, { confirmed = 0 }) => sum + confirmed, 0)).toBe(20);
    const rows = await bench.database.query(`SELECT count(*)::int AS n FROM outbox WHERE type = 'scan.requested'`);
    expect(rows).toEqual([{ n: 20 }]);
    expect(await bench.run(reaper, ConfirmArrivals)).toEqual({});
    expect(await bench.violations()).toEqual([]);
  });

  it('F12 an outage of the store changes nothing and is a failure of the task', async () => {
    const seed = await bench.initiate();
    await bench.put(seed.stagingKey);
    const cut = await bench.reaper({ RECONCILE_AFTER_SEC: '0', S3_ENDPOINT: 'http://127.0.0.1:1' });
    await expect(bench.run(cut, ConfirmArrivals)).rejects.toThrow('1 failed');
    expect(await bench.stateOf(seed)).toBe('awaiting_upload');
    expect(await bench.violations()).toEqual([]);
  });
});
