import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitUntil } from '@custody/testing';
import { ReaperBench } from './reaper.fixture.js';

const MAIN = join(import.meta.dirname, '../dist/main.js');

/** The built process, as it is deployed. */
class ReaperProcess {
  output = '';
  private readonly child: ChildProcess;

  constructor(env: Record<string, string>) {
    this.child = spawn(process.execPath, [MAIN], { env: { PATH: process.env['PATH'], ...env } });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  stop(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

describe('the built staging-reaper', () => {
  let bench: ReaperBench;
  const processes: ReaperProcess[] = [];

  beforeAll(async () => {
    bench = await ReaperBench.open();
    await bench.reaper();
  }, 60_000);
  afterAll(async () => {
    for (const child of processes) child.stop('SIGKILL');
    await bench.close();
  }, 60_000);
  beforeEach(() => bench.database.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE'));

  const start = (env: Record<string, string>): ReaperProcess => {
    const child = new ReaperProcess(bench.env(env));
    processes.push(child);
    return child;
  };
  const makeStale = () => bench.database.query(`UPDATE file_versions SET created_at = now() - interval '25 h'`);

  it('does one round of everything and exits 0: expired, cleaned, told', async () => {
    const seed = await bench.uploaded();
    await makeStale();
    const child = start({ REAPER_RUN: 'once' });
    expect({ code: await child.exit(), output: child.output }).toMatchObject({ code: 0 });
    expect(await bench.stateOf(seed)).toBe('rejected:expired');
    expect(await bench.bytesOf(seed)).toEqual([0, false]);
    const rows = await bench.database.query('SELECT count(*)::int AS n FROM outbox WHERE published_at IS NULL');
    expect(rows).toEqual([{ n: 0 }]);
  }, 60_000);

  it('exits 1 and names what failed, having done the rest', async () => {
    const seed = await bench.uploaded();
    await makeStale();
    const child = start({ REAPER_RUN: 'once', S3_ENDPOINT: 'http://127.0.0.1:1', REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await child.exit()).toBe(1);
    expect(child.output).toContain('failed: cleanup, redeliver, sweep-staging, report-orphans, relay');
    expect(await bench.stateOf(seed)).toBe('rejected:expired');
  }, 60_000);

  it('loops, says that it is ready, counts what it did, and stops when asked', async () => {
    const port = await freePort();
    const child = start({ PORT: String(port), REAPER_INTERVAL_SEC: '0.1', RELAY_INTERVAL_SEC: '0.1' });
    const read = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
      return answer?.status === 200 ? answer.text() : null;
    };
    await waitUntil('readiness', () => read('/health/ready'), { deadlineMs: 20_000 });
    const seed = await bench.uploaded();
    await makeStale();
    await waitUntil('the end of the version', async () => (await bench.stateOf(seed)) === 'rejected:expired');
    await waitUntil('its metric', async () =>
      (await read('/metrics'))?.includes('custody_reaper_items_total{task="expire",kind="expired"} 1'),
    );
    child.stop('SIGTERM');
    await child.exit();
    expect(child.output).not.toMatch(/"level":"(error|fatal)"/);
  }, 60_000);

  it('F17 three reapers at once leave the same end as one', async () => {
    const seeds = await Promise.all(Array.from({ length: 60 }, () => bench.uploaded()));
    await makeStale();
    const codes = await Promise.all(Array.from({ length: 3 }, () => start({ REAPER_RUN: 'once' }).exit()));
    expect(codes).toEqual([0, 0, 0]);
    const rows = await bench.database.query(
      `SELECT (SELECT count(*)::int FROM file_versions WHERE state = 'rejected' AND cleaned_at IS NOT NULL) AS cleaned,
              (SELECT count(*)::int FROM audit_log WHERE action = 'version.rejected') AS audited,
              (SELECT count(*)::int FROM outbox WHERE type = 'notify.notification.sent') AS told,
              (SELECT sum(pending)::int FROM tenant_quota) AS pending`,
    );
    expect(rows).toEqual([{ cleaned: seeds.length, audited: seeds.length, told: seeds.length, pending: 0 }]);
  }, 60_000);
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}
