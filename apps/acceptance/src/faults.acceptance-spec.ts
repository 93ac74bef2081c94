import { checkSystem } from './harness/invariants.js';
import type { Client } from './harness/client.js';
import { eicar, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

/** Every edge of the order of writes (design, "Order of writes"). */
const POINTS = [
  'after-claim',
  'mid-pass',
  'before-verdict',
  'after-verdict',
  'after-copy',
  'after-publish',
  'before-cleanup',
  'after-cleanup',
] as const;

describe('faults', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'faults', apps: ['files-api', 'staging-reaper', 'notifier'] });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterAll(() => system.stop());
  afterEach(async () => {
    await system.stopApp('scan-worker');
    expect(await checkSystem(system)).toEqual([]);
  });

  const sinkHas = (fileId: string, count: number) =>
    system.eventually(`${count} event arrived`, () => Promise.resolve(system.sink.of(fileId).length >= count));

  it('F2 I3 kill -9 at each step of the order of writes: a fresh worker brings every file to its end', async () => {
    const texts = POINTS.map(() => textFile());
    const clean = await Promise.all(texts.map((bytes) => client.upload(bytes)));
    const infected = await Promise.all(POINTS.map(() => client.upload(eicar())));
    // One file at a time each: every death takes at most one clean file off the queue, so there is one for each point.
    const doomed = await Promise.all(
      POINTS.map((point) =>
        system.launchApp('scan-worker', { CRASH_AT: `${point}=kill`, SCAN_CONCURRENCY: '1', SCAN_MAX_STARTS: '20' }),
      ),
    );
    const ends = await Promise.all(doomed.map((worker) => worker.ended()));
    expect(Object.fromEntries(POINTS.map((point, at) => [point, ends[at]]))).toEqual(
      Object.fromEntries(POINTS.map((point) => [point, 'SIGKILL'])),
    );
    await system.startApp('scan-worker', { SCAN_MAX_STARTS: '20' });
    for (const [at, id] of clean.entries())
      expect(await client.until(id, 'available')).toMatchObject({ sha256: sha256(texts[at] as Buffer) });
    for (const id of infected) expect(await client.until(id, 'rejected')).toMatchObject({ rejectReason: 'infected' });
    for (const id of [...clean, ...infected]) {
      await sinkHas(id, 1);
      expect(new Set(system.sink.of(id).map((event) => event.id)).size).toBe(1);
    }
    const mainKeys = (await system.store.mainKeys(client.caller.tenantId)).join(' ');
    for (const id of infected) expect(mainKeys).not.toContain(id);
    await system.eventually(
      'staging is empty',
      async () => (await system.store.stagingVersions(client.caller.tenantId)).length === 0,
    );
  }, 120_000);

  it('F4 Redis flushed mid-way: everything still ends', async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => client.upload(textFile())));
    await system.redis.flush();
    await system.startApp('scan-worker');
    for (const id of ids) await client.until(id, 'available');
    for (const id of ids) await sinkHas(id, 1);
  }, 60_000);

  it('F5 Redis down at confirm: 2xx, and the scan follows once it is back', async () => {
    await system.startApp('scan-worker');
    await system.redis.kill();
    const id = await client.upload(textFile());
    expect((await client.file(id)).body).toMatchObject({ status: 'pending_scan' });
    await system.redis.start();
    await client.until(id, 'available');
    await sinkHas(id, 1);
  }, 60_000);

  it('F10 clamd away for a while: uploads are accepted, nothing is lost, no start is burned', async () => {
    await system.startApp('scan-worker');
    system.clamdProxy.fault = { kind: 'refuse' };
    system.clamdProxy.resetAll();
    const ids = await Promise.all(Array.from({ length: 5 }, () => client.upload(textFile())));
    const accepted = system.clamdProxy.accepted;
    await system.eventually('the worker tried clamd', () =>
      Promise.resolve(system.clamdProxy.accepted >= accepted + 3),
    );
    const before = await system.rows<{ starts: number; state: string }>(
      `SELECT starts, state FROM file_versions WHERE tenant_id = $1`,
      [client.caller.tenantId],
    );
    for (const row of before) {
      expect(['uploaded', 'scanning']).toContain(row.state);
      expect(row.starts).toBeLessThanOrEqual(1);
    }
    system.clamdProxy.fault = { kind: 'none' };
    for (const id of ids) await client.until(id, 'available');
  }, 90_000);

  it('F11 clamd resets in the middle of streams: never a verdict from half a file', async () => {
    system.clamdProxy.fault = { kind: 'reset', direction: 'toServer', afterBytes: 20_000 };
    const bytes = Buffer.concat(Array.from({ length: 5000 }, () => textFile()));
    const id = await client.upload(bytes);
    const worker = await system.startApp('scan-worker');
    const accepted = system.clamdProxy.accepted;
    await system.eventually('a stream was cut', () => Promise.resolve(system.clamdProxy.accepted > accepted));
    expect((await client.file(id)).body.status).toBe('pending_scan');
    system.clamdProxy.fault = { kind: 'none' };
    expect(await client.until(id, 'available')).toMatchObject({ sha256: sha256(bytes) });
    expect(worker.running).toBe(true);
  }, 90_000);

  it('F8 50 parallel confirms: one scan, one event, one answer', async () => {
    await system.startApp('scan-worker');
    const staged = await client.staged(textFile());
    const answers = await Promise.all(Array.from({ length: 50 }, () => client.confirm(staged.body.fileId)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    await client.until(staged.body.fileId, 'available');
    await sinkHas(staged.body.fileId, 1);
    const scans = await system.rows(`SELECT 1 FROM audit_log WHERE file_id = $1 AND action = 'version.scanning'`, [
      staged.body.fileId,
    ]);
    expect(scans).toHaveLength(1);
    expect(system.sink.of(staged.body.fileId)).toHaveLength(1);
  }, 60_000);

  it('F17 F20 two reapers and two relays at once: one effect', async () => {
    await system.startApp('staging-reaper');
    await system.startApp('scan-worker');
    const ids = await Promise.all(
      Array.from({ length: 20 }, async () => (await client.staged(textFile())).body.fileId as string),
    );
    for (const id of ids) await client.until(id, 'available');
    for (const id of ids) await sinkHas(id, 1);
    const uploads = await system.rows(`SELECT 1 FROM audit_log WHERE tenant_id = $1 AND action = 'version.uploaded'`, [
      client.caller.tenantId,
    ]);
    expect(uploads).toHaveLength(20);
    for (const id of ids) expect(system.sink.of(id)).toHaveLength(1);
  }, 60_000);

  it('F3 M46 a worker told to stop finishes or hands back; nothing is lost or done twice', async () => {
    const worker = await system.startApp('scan-worker');
    const ids = await Promise.all(Array.from({ length: 12 }, () => client.upload(textFile())));
    worker.signal('SIGTERM');
    expect(await worker.ended()).toBe(0);
    const states = await system.rows<{ state: string }>(`SELECT state FROM file_versions WHERE tenant_id = $1`, [
      client.caller.tenantId,
    ]);
    for (const { state } of states) expect(['uploaded', 'available']).toContain(state);
    await system.startApp('scan-worker');
    for (const id of ids) await client.until(id, 'available');
  }, 60_000);
});
