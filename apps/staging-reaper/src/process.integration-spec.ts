import 'reflect-metadata';
import { AppProcess, eventually } from '@custody/testing';
import { ReaperBench } from './reaper.fixture.js';

describe('the built staging-reaper', () => {
  let bench: ReaperBench;
  const processes: AppProcess[] = [];

  beforeAll(async () => {
    bench = await ReaperBench.open();
    await bench.reaper();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(processes.map((child) => child.kill()));
    await bench.close();
  }, 60_000);
  beforeEach(() =>
    bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  const start = async (env: Record<string, string>): Promise<AppProcess> => {
    const { PORT: _free, ...rest } = bench.env(env);
    const child = await AppProcess.spawn('staging-reaper', rest);
    processes.push(child);
    return child;
  };
  const makeStale = () => bench.database.query(`UPDATE file_versions SET created_at = now() - interval '25 h'`);

  it('does one round of everything and exits 0: expired, cleaned, told', async () => {
    const seed = await bench.uploaded();
    await makeStale();
    const child = await start({ REAPER_RUN: 'once' });
    expect({ code: await child.ended(), output: child.output }).toMatchObject({ code: 0 });
    expect(await bench.stateOf(seed)).toBe('rejected:expired');
    expect(await bench.bytesOf(seed)).toEqual([0, false]);
    const rows = await bench.database.query('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    expect(rows).toEqual([{ n: 0 }]);
    expect(await bench.violations()).toEqual([]);
  }, 60_000);

  it('exits 1 and names what failed, having done the rest', async () => {
    const seed = await bench.uploaded();
    await makeStale();
    const child = await start({
      REAPER_RUN: 'once',
      S3_ENDPOINT: 'http://127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
    });
    expect(await child.ended()).toBe(1);
    expect(child.output).toContain('failed: cleanup, redeliver, sweep-staging, report-orphans, relay');
    expect(await bench.stateOf(seed)).toBe('rejected:expired');
  }, 60_000);

  it('loops, says that it is ready, counts what it did, and stops when asked', async () => {
    const child = await start({ REAPER_INTERVAL_SEC: '0.1', RELAY_INTERVAL_SEC: '0.1' });
    const read = async (path: string) => {
      const answer = await fetch(child.url + path);
      return answer.text();
    };
    await child.ready();
    const seed = await bench.uploaded();
    await makeStale();
    await eventually('the end of the version', async () => (await bench.stateOf(seed)) === 'rejected:expired');
    await eventually('its metric', async () =>
      (await read('/metrics')).includes('custody_reaper_items_total{task="expire",kind="expired"} 1'),
    );
    child.signal('SIGTERM');
    await child.ended();
    expect(child.output).not.toMatch(/"level":"(error|fatal)"/);
  }, 60_000);

  it('F17 three reapers at once leave the same end as one', async () => {
    const seeds = await Promise.all(Array.from({ length: 60 }, () => bench.uploaded()));
    await makeStale();
    const codes = await Promise.all(
      Array.from({ length: 3 }, async () => (await start({ REAPER_RUN: 'once' })).ended()),
    );
    expect(codes).toEqual([0, 0, 0]);
    const rows = await bench.database.query(
      `SELECT (SELECT count(*)::int FROM file_versions WHERE state = 'rejected' AND cleaned_at IS NOT NULL) AS cleaned,
              (SELECT count(*)::int FROM audit_log WHERE action = 'version.rejected') AS audited,
              (SELECT count(*)::int FROM outbox WHERE type = 'notify.notification.sent') AS told,
              (SELECT sum(pending)::int FROM tenant_quota) AS pending`,
    );
    expect(rows).toEqual([{ cleaned: seeds.length, audited: seeds.length, told: seeds.length, pending: 0 }]);
    expect(await bench.violations()).toEqual([]);
  }, 60_000);
});
