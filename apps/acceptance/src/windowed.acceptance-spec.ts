import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from './harness/client.js';
import { EventReader } from './harness/event-reader.js';
import { checkSystem } from './harness/invariants.js';
import { eicar, generated, sha256 } from './harness/samples.js';
import { System } from './harness/system.js';

const MiB = 1024 ** 2;
const OVERLAP = 64 * 1024;
const SIZE = 5 * MiB + 77;
/** Where each window of 1 MiB begins that follows another. */
const EDGES = [1, 2, 3, 4].map((n) => n * (MiB - OVERLAP));

describe('S12 S17 files larger than the engine takes', () => {
  let system: System;
  let client: Client;
  const honest = Buffer.concat([...generated(SIZE, 7)]);

  beforeAll(async () => {
    const env = {
      ...{ CLAMD_MAX_STREAM_BYTES: String(MiB), SCAN_WINDOW_OVERLAP_BYTES: String(OVERLAP) },
      ...{ SCAN_LEASE_SEC: '2', SCAN_MAX_STARTS: '2' },
    };
    system = await System.start({ label: 'windowed', apps: ['files-api', 'staging-reaper', 'notifier'], env });
    client = await system.client();
    await system.startApp('scan-worker');
  }, 120_000);
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const raw = { filename: 'disk.img', mimeType: 'application/octet-stream' };
  const infectedAt = (offset: number) => {
    const bytes = Buffer.from(honest);
    eicar().copy(bytes, offset);
    return bytes;
  };

  it('are scanned whole in windows, and the verdict says so', async () => {
    const fileId = await client.upload(honest, { ...raw, sha256: sha256(honest) });
    expect(await client.until(fileId, 'available')).toMatchObject({
      ...{ size: SIZE, sha256: sha256(honest) },
      scan: { coverage: 'windowed', engineVersion: expect.stringContaining('ClamAV') },
    });
  });

  it('M20 tell how far the scan is, in a read and on the stream, in windows and in one piece', async () => {
    await system.stopApp('scan-worker');
    const barrier = mkdtempSync(join(tmpdir(), 'custody-barrier-'));
    const fileId = await client.upload(honest, raw);
    const small = await client.upload(honest.subarray(0, MiB), raw);
    const [one, all] = [
      await EventReader.open(client, `/v1/files/${fileId}/events`),
      await EventReader.open(client, '/v1/events'),
    ];
    const reportsOf = ({ events }: EventReader, id: string) =>
      events.filter(({ event, data }) => event === 'file.progress' && data.fileId === id).map(({ data }) => data);
    await system.startApp('scan-worker', {
      CRASH_AT: ['after-window', 'mid-pass'].map((point) => `${point}=pause:${barrier}`).join(),
    });

    for (const [id, scannedBytes, totalBytes] of [
      [fileId, MiB, SIZE],
      // Of what is scanned in one piece a renewal of the lease tells.
      [small, expect.any(Number), MiB],
    ]) {
      await all.until('the tenant sees it', (reader) => reportsOf(reader, id).length > 0);
      expect(reportsOf(all, id)[0]).toMatchObject({ scannedBytes, totalBytes });
      const { body, headers } = await client.file(id);
      expect(body).toMatchObject({ stage: 'scanning', scan: null, scanProgress: { scannedBytes, totalBytes } });
      const { body: versions } = await client.call('GET', `/v1/files/${id}/versions`);
      expect(versions.items[0]).toMatchObject({ scan: null, scanProgress: { totalBytes } });
      // It moves without the tag, so a client that knows the tag is told nevertheless.
      const again = await client.call('GET', `/v1/files/${id}`, undefined, {
        'if-none-match': headers.get('etag') ?? '',
      });
      expect(again.status).toBe(200);
    }
    expect(reportsOf(one, fileId)[0]).toEqual(reportsOf(all, fileId)[0]);
    expect(reportsOf(one, small)).toEqual([]);

    for (const point of ['after-window', 'mid-pass']) {
      expect(existsSync(join(barrier, `${point}.reached`))).toBe(true);
      writeFileSync(join(barrier, `${point}.go`), '');
    }
    expect(await client.until(fileId, 'available')).toMatchObject({
      scanProgress: null,
      scan: { coverage: 'windowed' },
    });
    await one.ended();
    const seen = reportsOf(one, fileId).map(({ scannedBytes }) => scannedBytes as number);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(one.story.at(-1)).toBe('end');
    all.close();
    await client.until(small, 'available');
    const { body } = await client.call('GET', `/v1/files/${fileId}/versions`);
    expect(body.items[0]).toMatchObject({ scan: { coverage: 'windowed' }, scanProgress: null });
  }, 60_000);

  it('are rejected wherever the malware lies: at the start, the end, and across every edge of a window', async () => {
    const length = eicar().length;
    const across = EDGES.flatMap((edge) => [edge - 34, edge + OVERLAP - 34]);
    const offsets = [0, SIZE / 2 - 30, SIZE - length, ...across].map(Math.floor);
    const ids = await Promise.all(offsets.map((offset) => client.upload(infectedAt(offset), raw)));
    for (const [at, fileId] of ids.entries())
      expect([offsets[at], await client.until(fileId, 'rejected')]).toMatchObject([
        offsets[at],
        { rejectReason: 'infected', url: null },
      ]);
    const main = (await system.store.mainKeys(client.caller.tenantId)).join(' ');
    for (const fileId of ids) expect(main).not.toContain(fileId);
  }, 60_000);

  it('F2 F15 go on where a killed worker stopped: each dies after one window, and more die than a version has starts', async () => {
    await system.stopApp('scan-worker');
    const fileId = await client.upload(honest, raw);
    const offsets: number[] = [];
    for (const _ of EDGES.slice(1)) {
      const worker = await system.launchApp('scan-worker', { CRASH_AT: 'after-window=kill' });
      expect(await worker.ended()).toBe('SIGKILL');
      const [row] = await system.rows<{ at: number }>(
        `SELECT (scan_checkpoint ->> 'offset')::int AS at FROM file_versions WHERE file_id = $1`,
        [fileId],
      );
      offsets.push(row?.at ?? 0);
    }
    expect(offsets).toEqual([MiB, ...EDGES.slice(0, -2).map((edge) => edge + MiB)]);
    await system.startApp('scan-worker');
    expect(await client.until(fileId, 'available')).toMatchObject({
      sha256: sha256(honest),
      scan: { coverage: 'windowed' },
    });
  }, 90_000);

  it('S12 are found infected behind the place where a killed worker stopped', async () => {
    await system.stopApp('scan-worker');
    const fileId = await client.upload(infectedAt((EDGES[0] as number) + OVERLAP - 34), raw);
    const worker = await system.launchApp('scan-worker', { CRASH_AT: 'after-window=kill' });
    expect(await worker.ended()).toBe('SIGKILL');
    await system.startApp('scan-worker');
    expect(await client.until(fileId, 'rejected')).toMatchObject({ rejectReason: 'infected' });
  }, 60_000);

  it('S17 are rejected where the deployment wants it', async () => {
    await system.stopApp('scan-worker');
    await system.startApp('scan-worker', { FILES_SCAN_OVERSIZE: 'reject' });
    const fileId = await client.upload(honest, raw);
    expect(await client.until(fileId, 'rejected')).toMatchObject({ rejectReason: 'unscannable', url: null });
  });

  it('S17 M37 are held where it wants that, until an administrator decides and says why', async () => {
    await system.stopApp('scan-worker');
    await system.startApp('scan-worker', { FILES_SCAN_OVERSIZE: 'hold' });
    const released = await client.upload(honest, raw);
    const refused = await client.upload(honest, raw);
    const heldVersion = (fileId: string) =>
      system.eventually('it is held', async () => {
        const { body } = await client.file(fileId);
        return body.stage === 'held' && (body as { versionId: string; status: string; url: null });
      });
    const version = await heldVersion(released);
    expect(version).toMatchObject({ status: 'pending_scan', url: null });
    expect((await client.downloadUrl(released)).status).toBe(409);
    const decide = (
      fileId: string,
      versionId: string,
      what: string,
      body: object = { reason: 'seen by hand' },
      as = client,
    ) => as.call('POST', `/v1/files/${fileId}/versions/${versionId}/${what}`, body);

    const writer = await system.client(client.caller.tenantId, 'files:read files:write', client.caller.userId);
    expect((await decide(released, version.versionId, 'release', undefined, writer)).status).toBe(403);
    expect((await decide(released, version.versionId, 'release', { reason: ' ' })).body).toMatchObject({
      ...{ status: 400, errors: [{ pointer: '/reason' }] },
    });
    const stranger = await system.client();
    expect((await decide(released, version.versionId, 'release', undefined, stranger)).body.code).toBe(
      'FILE_NOT_FOUND',
    );
    expect((await decide(refused, version.versionId, 'release')).body.code).toBe('VERSION_NOT_FOUND');

    expect((await decide(released, version.versionId, 'release')).status).toBe(204);
    expect(await client.until(released, 'available')).toMatchObject({
      ...{ sha256: sha256(honest), scan: { coverage: 'none' } },
    });
    expect((await decide(released, version.versionId, 'reject')).body).toMatchObject({
      status: 409,
      code: 'VERSION_NOT_HELD',
    });
    expect((await decide(refused, (await heldVersion(refused)).versionId, 'reject')).status).toBe(204);
    expect(await client.until(refused, 'rejected')).toMatchObject({ rejectReason: 'unscannable' });
    const { body } = await client.call('GET', '/v1/audit?limit=200');
    const entries = body.items as { action: string; fileId: string }[];
    for (const [action, fileId] of [
      ['file.held_version_released', released],
      ['file.held_version_rejected', refused],
    ])
      expect(entries).toContainEqual(
        expect.objectContaining({
          action,
          fileId,
          actor: `user:${client.caller.userId}`,
          detail: { reason: 'seen by hand' },
        }),
      );
  }, 60_000);
});
