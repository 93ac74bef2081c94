import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { ClamdProcess, FaultProxy } from '@custody/testing';
import type { Answer, Client } from './harness/client.js';
import { EventReader } from './harness/event-reader.js';
import { askFor } from './harness/graphql.js';
import { checkSystem } from './harness/invariants.js';
import { NumberedClamd } from './harness/numbered-clamd.js';
import { generated, pngFile, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { startWebhookReceiver, type WebhookReceiver } from './harness/webhook-receiver.js';
import { WebhookTenant } from './harness/webhook-tenant.js';

/** What nobody takes for malware until an engine learns it. */
const marker = (name: string) => `CUSTODY-RESCAN-MARKER-${name}-`.padEnd(40, name);
const marked = (name: string) => Buffer.from(`${marker(name)}\n${textFile().toString()}`);
const hidden = (answer: Answer) => {
  const { requestId: _requestId, ...rest } = answer.body as Record<string, unknown>;
  return { ...rest, status: answer.status };
};

describe('rescans', () => {
  let clamd: ClamdProcess;
  let proxy: FaultProxy;
  let numbered: NumberedClamd;
  let receiver: WebhookReceiver;
  let system: System;
  let admin: Client;
  let member: Client;

  beforeAll(async () => {
    [clamd, receiver] = await Promise.all([ClamdProcess.start(), startWebhookReceiver()]);
    proxy = await FaultProxy.listen(clamd);
    numbered = await NumberedClamd.listen(clamd, proxy, 27_001);
    const env = {
      ...{ CLAMD_PORT: String(numbered.port), CLAMD_MAX_STREAM_BYTES: '1000000', SCAN_CONCURRENCY: '1' },
      ...{ RESCAN_POLL_SEC: '0.1', RESCAN_PER_MINUTE: '6000', WEBHOOK_POLL_SEC: '0.1' },
    };
    system = await System.start({ label: 'rescan', env });
    admin = await system.client();
    member = await system.client(admin.caller.tenantId, 'files:read files:export files:write', admin.caller.userId);
  }, 120_000);
  afterAll(async () => {
    await system.stop();
    await Promise.all([numbered.close(), receiver.stop()]);
    await proxy.close();
    await clamd.stop();
  });
  afterEach(async () => expect(await checkSystem(system)).toEqual([]));

  const available = async (bytes: Buffer, fields: object = {}) => {
    const fileId = await member.upload(bytes, { ...fields });
    return { fileId, versionId: (await member.until(fileId, 'available')).versionId as string };
  };
  const withdrawn = (fileId: string) =>
    system.eventually('it is withdrawn', async () => {
      const { body } = await member.file(fileId);
      return body.status === 'rejected' && (body as object);
    });
  /** Who may not list a bucket is told 403 about what is not in it (S3, GetObject); both are the end of the URL. */
  const gone = (url: string) =>
    system.eventually('its URL is of no use', async () => [403, 404].includes((await fetch(url)).status));

  it('S18 by file: a clean one gets a new verdict and keeps the old, and nothing else changes', async () => {
    const { fileId, versionId } = await available(textFile());
    const before = (await member.file(fileId)).body;
    expect((await member.call('POST', `/v1/files/${fileId}/rescan`, {})).body.code).toBe('INSUFFICIENT_SCOPE');
    expect(
      await admin.call('POST', `/v1/files/${fileId}/versions/${versionId}/rescan`, { reason: 'asked by court' }),
    ).toMatchObject({
      ...{ status: 202, body: { fileId, versionId, state: expect.stringMatching('queued|running') } },
    });
    const after = await system.eventually('it is rescanned', async () => {
      const { body } = await member.file(fileId);
      return body.scan.scannedAt > before.scan.scannedAt && (body as object);
    });
    expect(after).toEqual({ ...before, scan: { ...before.scan, scannedAt: expect.any(String) } });
    expect(
      await system.rows(`SELECT verdict, signature_version AS s FROM past_verdicts WHERE version_id = $1`, [versionId]),
    ).toEqual([{ verdict: 'clean', s: '27001' }]);
    const { body } = await admin.call('GET', `/v1/audit?fileId=${fileId}&action=file.*`);
    expect(body.items).toMatchObject([
      {
        action: 'file.rescanned',
        actor: 'system:scan-worker',
        detail: { outcome: 'clean', signatureVersion: '27001' },
      },
      { action: 'file.rescan_requested', actor: `user:${admin.caller.userId}`, detail: { reason: 'asked by court' } },
    ]);
    const pending = (await member.presign(10)).body.fileId as string;
    expect((await admin.call('POST', `/v1/files/${pending}/rescan`)).body).toMatchObject({
      status: 409,
      code: 'FILE_NOT_AVAILABLE',
    });
    expect((await admin.call('POST', `/v1/files/${fileId}/versions/x/rescan`)).body.code).toBe('VERSION_NOT_FOUND');
  }, 60_000);

  it('M18 S27 an infected one is withdrawn: URLs handed out before end, doors answer 404, administrators learn why, the tenant is told', async () => {
    const tenant = new WebhookTenant(admin, receiver.url);
    const webhook = await tenant.register();
    const image = Buffer.concat([pngFile(64), Buffer.from(marker('A'))]);
    const { fileId, versionId } = await available(image, { filename: 'a.png', mimeType: 'image/png' });
    const thumbnail = await system.eventually('it has a thumbnail', async () => {
      const answer = await member.call('GET', `/v1/files/${fileId}/thumbnail-url?size=128`);
      return answer.status === 200 && (answer.body.url as string);
    });
    const { url } = (await member.downloadUrl(fileId)).body as { url: string };
    expect([(await fetch(url)).status, (await fetch(thumbnail)).status]).toEqual([200, 200]);
    const stream = await EventReader.open(member, '/v1/events');

    await clamd.learn('Late-A', marker('A'));
    const asked = await askFor(
      admin,
      'mutation ($id: ID!) { rescanFile(fileId: $id, reason: "tip") { versionId state } }',
      { id: fileId },
    );
    expect(asked.rescanFile.versionId).toBe(versionId);
    expect(await withdrawn(fileId)).toMatchObject({ rejectReason: 'infected', url: null, versionId });
    await Promise.all([gone(url), gone(thumbnail)]);

    const doors: ((as: Client) => Promise<Answer>)[] = [
      (as) => as.call('GET', `/v1/files/${fileId}/content`),
      (as) => as.call('GET', `/v1/files/${fileId}/content?versionId=${versionId}`, undefined, { range: 'bytes=0-1' }),
      (as) => as.downloadUrl(fileId),
      (as) => as.downloadUrl(fileId, { versionId }),
      (as) => as.call('GET', `/v1/files/${fileId}/thumbnail-url?size=128`),
    ];
    const stranger = await system.client(undefined, 'files:read files:export');
    for (const door of doors) {
      expect(hidden(await door(member))).toEqual(hidden(await door(stranger)));
      expect((await door(admin)).body).toMatchObject({
        ...{ status: 404, code: 'FILE_WITHDRAWN', detail: expect.stringContaining('Late-A') },
        withdrawn: { reason: 'infected', signature: expect.stringContaining('Late-A'), at: expect.any(String) },
      });
    }
    const release = await admin.call('POST', `/v1/files/${fileId}/versions/${versionId}/release`, {
      reason: 'harmless',
    });
    expect(release.body).toMatchObject({ code: 'VERSION_NOT_HELD', detail: expect.stringContaining('uploaded again') });
    expect((await member.call('POST', `/v1/files/${fileId}/versions/${versionId}/restore`)).body.code).toBe(
      'VERSION_NOT_AVAILABLE',
    );

    const notice = { notification: 'file.infected', withdrawn: true, availableSince: expect.any(String) };
    await system.eventually('the sink is told', () => Promise.resolve(system.sink.of(fileId).length === 2));
    expect(system.sink.of(fileId)[1]).toMatchObject({ type: 'notify.notification.sent', data: notice });
    const told = await system.eventually('the webhook is told', () =>
      Promise.resolve(
        receiver.received
          .map((one) => receiver.verified(one, webhook.secret))
          .find(({ type }) => type !== 'file.available'),
      ),
    );
    expect(told).toMatchObject({ data: { ...notice, fileId, versionId } });
    await stream.until('the stream tells it', ({ events }) =>
      events.some(({ data }) => data.rejectReason === 'infected'),
    );
    stream.close();
    const { body } = await admin.call('GET', `/v1/audit?versionId=${versionId}&limit=2`);
    expect(body.items).toMatchObject([
      { action: 'file.rescanned', detail: { outcome: 'infected', engineVersion: expect.stringContaining('ClamAV') } },
      { action: 'version.rejected', detail: { from: 'available', reason: 'infected' } },
    ]);
  }, 90_000);

  it('I1 other bytes than were scanned are withdrawn too; an object that is missing is reported and nothing else', async () => {
    const bytes = textFile();
    const [altered, missing] = [await available(bytes), await available(textFile())];
    const keyOf = ({ fileId, versionId }: { fileId: string; versionId: string }) =>
      `${admin.caller.tenantId}/documents/${fileId}/${versionId}`;
    const { s3, main: Bucket } = system.store;
    const put = (Key: string, Body: Uint8Array) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    const kept = await system.store.mainBytes(keyOf(missing));
    await put(keyOf(altered), Buffer.from(bytes).reverse());
    await s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf(missing) }));
    for (const { fileId } of [altered, missing]) await admin.call('POST', `/v1/files/${fileId}/rescan`);
    expect(await withdrawn(altered.fileId)).toMatchObject({ rejectReason: 'checksum_mismatch' });
    await system.eventually('the sink is told', () => Promise.resolve(system.sink.of(altered.fileId).length === 2));
    expect(system.sink.of(altered.fileId)[1]).toMatchObject({
      data: { notification: 'file.altered', withdrawn: true },
    });
    await system.eventually('it is reported', async () => {
      const { body } = await admin.call('GET', `/v1/audit?fileId=${missing.fileId}&action=file.rescanned`);
      return (body.items as { detail: { outcome: string } }[]).some(({ detail }) => detail.outcome === 'missing');
    });
    expect((await member.file(missing.fileId)).body.status).toBe('available');
    await put(keyOf(missing), kept);
    await system.eventually(
      'its bytes are gone',
      async () => (await system.store.mainKeys(keyOf(altered))).length === 0,
    );
  }, 60_000);

  it('M21 a running one gives its place in the engine to an upload, and is done afterwards', async () => {
    const { fileId, versionId } = await available(Buffer.concat([...generated(900_000)]), {
      ...{ filename: 'a.bin', mimeType: 'application/octet-stream' },
    });
    // The engine takes the first bytes and then seems to think for ever, about this stream only.
    proxy.fault = { kind: 'blackHole', direction: 'toServer', afterBytes: 10_000 };
    const before = proxy.passed.toServer;
    await admin.call('POST', `/v1/files/${fileId}/rescan`);
    await system.eventually('it is in the engine', () => Promise.resolve(proxy.passed.toServer >= before + 10_000));
    proxy.fault = { kind: 'none' };
    await available(textFile());
    // Its row in the queue goes in the transaction that records its end.
    const rescanned = await system.eventually('it is rescanned', async () => {
      const rows = await system.rows<{ past: number; queued: number }>(
        `SELECT (SELECT count(*)::int FROM past_verdicts WHERE version_id = $1) AS past, (SELECT count(*)::int FROM rescans) AS queued`,
        [versionId],
      );
      return rows[0]?.past === 1 && rows[0].queued === 0;
    });
    expect(rescanned).toBe(true);
  }, 60_000);

  it('M21 S12 in bulk: two workers, each version once, behind a new upload, only for the own tenant', async () => {
    const stranger = await system.client();
    const other = await stranger.upload(textFile());
    await stranger.until(other, 'available');
    // Larger than the engine takes: scanned in windows, as it was the first time.
    const late = await available(Buffer.concat([...generated(1_500_000), Buffer.from(marker('B'))]), {
      ...{ filename: 'disk.img', mimeType: 'application/octet-stream' },
    });
    expect((await member.file(late.fileId)).body.scan.coverage).toBe('windowed');
    for (let n = 0; n < 4; n++) await available(textFile());
    const [asked, deleted] = [await available(textFile()), await available(textFile())];
    await clamd.learn('Late-B', marker('B'));
    await system.stopApp('scan-worker');
    // It waits by itself already, and counts in the run all the same.
    await admin.call('POST', `/v1/files/${asked.fileId}/rescan`);
    const run = (await admin.call('POST', '/v1/rescans', { reason: 'new rules' })).body;
    expect(run).toMatchObject({ state: 'running', total: 11, clean: 0, reason: 'new rules' });
    expect((await admin.call('POST', '/v1/rescans', {})).body.runId).toBe(run.runId);
    for (const method of ['GET', 'POST'])
      expect(
        (await stranger.call(method, `/v1/rescans/${run.runId}${method === 'POST' ? '/stop' : ''}`)).body.code,
      ).toBe('RESCAN_NOT_FOUND');
    expect((await member.call('DELETE', `/v1/files/${deleted.fileId}`)).status).toBe(204);
    const fresh = await member.upload(textFile());
    await Promise.all([system.startApp('scan-worker'), system.startApp('scan-worker')]);
    await member.until(fresh, 'available');
    await withdrawn(late.fileId);
    const done = await system.eventually('the run is done', async () => {
      const { body } = await admin.call('GET', `/v1/rescans/${run.runId}`);
      return body.state === 'done' && (body as object);
    });
    // The fresh upload was scanned after the run began: it is not in it.
    expect(done).toMatchObject({ total: 11, withdrawn: 1, inconclusive: 0, endedAt: expect.any(String) });
    // A worker may have been done with the one asked for before the run came to it: then the run skipped it, as the deleted one.
    const { clean, skipped } = done as { clean: number; skipped: number };
    expect([
      [9, 1],
      [8, 2],
    ]).toContainEqual([clean, skipped]);
    const [order] = await system.rows<{ ok: boolean; twice: number }>(
      `SELECT (SELECT at FROM audit_log WHERE file_id = $1 AND action = 'version.scanning') <= min(v.scanned_at) AS ok,
              (SELECT count(*)::int FROM past_verdicts p WHERE p.scanned_at >= $2) AS twice
         FROM file_versions v WHERE v.file_id <> $1 AND v.scanned_at > $2`,
      [fresh, run.startedAt],
    );
    expect(order).toEqual({ ok: true, twice: 0 });
    expect((await stranger.file(other)).body.status).toBe('available');
    const { rescans } = await askFor(admin, '{ rescans { edges { node { runId state withdrawn } } } }');
    expect(rescans.edges).toEqual([{ node: { runId: run.runId, state: 'done', withdrawn: 1 } }]);
    const stopped = await admin.call('POST', `/v1/rescans/${run.runId}/stop`);
    expect(stopped).toMatchObject({ status: 200, body: { state: 'done' } });
  }, 90_000);

  it('F2 S18 newer signatures begin a run by themselves; a worker killed between verdict and deletion leaves nothing behind', async () => {
    const { fileId } = await available(marked('C'));
    const { url } = (await member.downloadUrl(fileId)).body as { url: string };
    await system.stopApp('scan-worker');
    await system.stopApp('staging-reaper');
    await clamd.learn('Late-C', marker('C'));
    numbered.signatures = 27_002;
    const worker = await system.launchApp('scan-worker', { CRASH_AT: 'after-rescan-verdict=kill' });
    expect(await worker.ended()).toBe('SIGKILL');
    expect((await member.call('GET', `/v1/files/${fileId}/content`)).status).toBe(404);
    expect((await fetch(url)).status).toBe(200);
    await Promise.all([system.startApp('staging-reaper'), system.startApp('scan-worker')]);
    await gone(url);
    await system.eventually('everything is scanned with the new signatures', async () => {
      const rows = await system.rows(
        `SELECT 1 FROM file_versions v JOIN files f ON f.id = v.file_id AND f.deleted_at IS NULL
           WHERE v.state = 'available' AND v.signature_version <> '27002'
         UNION ALL SELECT 1 FROM rescan_runs WHERE signatures = 27002 AND state <> 'done'
         UNION ALL SELECT 1 FROM outbox WHERE published_at IS NULL`,
      );
      return rows.length === 0;
    });
    expect(await withdrawn(fileId)).toMatchObject({ rejectReason: 'infected' });
  }, 90_000);
});
