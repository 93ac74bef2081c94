import { createHash } from 'node:crypto';
import { checkSystem } from './harness/invariants.js';
import type { Client } from './harness/client.js';
import { generated, pdfFile, pngFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { formData, hashOf, sendStream } from './harness/transfer.js';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const MiB = 1024 ** 2;

describe('the journey of a file', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'journey' });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  it.each([
    ['a small text', textFile(), 'text/plain', 'note.txt'],
    ['a PNG', pngFile(), 'image/png', 'picture.png'],
    ['a PDF', pdfFile(), 'application/pdf', 'contract.pdf'],
  ])('M1 M2 M3 M17 M24 M26 carries %s from presign to download', async (_what, bytes, mimeType, filename) => {
    const metadata = { case: 'A-1', nested: { pages: [1, 2] } };
    const presigned = await client.presign(bytes, { mimeType, filename, metadata });
    expect(presigned.status).toBe(201);
    expect(presigned.body).toMatchObject({
      fileId: expect.stringMatching(UUID_V4),
      method: 'PUT',
      fields: {},
      status: 'pending_scan',
      expiresAt: expect.stringMatching(ISO),
    });
    expect(Date.parse(presigned.body.expiresAt) - Date.now()).toBeGreaterThan(880_000);
    expect(Date.parse(presigned.body.expiresAt) - Date.now()).toBeLessThanOrEqual(900_000);
    expect(presigned.body.uploadUrl).not.toContain(filename);
    const described = ['expiresAt', 'fields', 'fileId', 'headers', 'method', 'status', 'uploadUrl', 'versionId'];
    expect(Object.keys(presigned.body as object).sort()).toEqual(described);

    const { fileId } = presigned.body;
    expect((await client.put(presigned, new Blob([new Uint8Array(bytes)]))).status).toBe(200);
    const confirmed = await client.confirm(fileId);
    expect(confirmed).toMatchObject({ status: 200, body: { fileId, status: 'pending_scan' } });

    const file = await client.until(fileId, 'available');
    expect(file).toMatchObject({
      fileId,
      filename,
      mimeType,
      size: bytes.length,
      bucket: 'documents',
      sha256: sha256(bytes),
      metadata,
      uploadedBy: client.caller.userId,
      url: expect.stringContaining(`/v1/files/${fileId}`),
      createdAt: expect.stringMatching(ISO),
      scan: {
        coverage: 'full',
        engineVersion: expect.stringContaining('ClamAV'),
        signatureVersion: expect.any(String),
      },
    });

    const link = await client.downloadUrl(fileId);
    expect(link).toMatchObject({ status: 200, body: { expiresIn: 3600, expiresAt: expect.stringMatching(ISO) } });
    expect(await hashOf(link.body.url)).toEqual({ status: 200, sha256: sha256(bytes), size: bytes.length });
    expect(await hashOf(file.url, { authorization: `Bearer ${client.caller.token}` })).toMatchObject({
      sha256: sha256(bytes),
    });
    expect(await system.store.mainKeys(client.caller.tenantId)).toContain(
      `${client.caller.tenantId}/documents/${fileId}/${file.versionId}`,
    );
  });

  it('M16 keeps the filename out of every key and gives it back on download', async () => {
    const filename = '../C:\\Прокурор "№ 7"\r\n\u202Egpj.txt';
    const fileId = await client.upload(textFile(), { filename });
    expect((await client.until(fileId, 'available')).filename).toBe(filename);
    for (const key of await system.store.mainKeys(client.caller.tenantId))
      expect(key).toMatch(/^[0-9a-f-]{36}\/[a-z]+\/[0-9a-f-]{36}\/[0-9a-f-]{36}(\/thumb-\d+\.(webp|jpg))?$/);
    const served = await fetch((await client.downloadUrl(fileId, { attachment: true })).body.url);
    const disposition = served.headers.get('content-disposition') ?? '';
    expect(disposition).toMatch(/^attachment; /);
    expect(disposition).toContain("filename*=UTF-8''");
    expect(disposition).not.toContain('\u202E');
    expect(disposition).not.toContain('%E2%80%AE');
  });

  it('M26 hands out a fresh URL on every request, shorter on request, and it expires', async () => {
    const fileId = await client.upload(textFile());
    await client.until(fileId, 'available');
    const [one, two] = await Promise.all([
      client.downloadUrl(fileId, { expiresIn: 1 }),
      client.downloadUrl(fileId, { expiresIn: 300 }),
    ]);
    expect(one.body.expiresIn).toBe(1);
    expect(one.body.url).not.toBe(two.body.url);
    const inline = await fetch((await client.downloadUrl(fileId, { attachment: false })).body.url);
    expect(inline.headers.get('content-disposition')).toMatch(/^inline/);
    await system.eventually('the short URL has expired', async () => (await fetch(one.body.url)).status === 403);
    expect((await fetch(two.body.url)).status).toBe(200);
  });

  it('M4 takes the proxied upload with its fields before or after the file', async () => {
    for (const [before, after] of [
      [{ bucket: 'documents', metadata: '{"a":1}' }, {}],
      [{}, { bucket: 'documents', metadata: '{"a":1}' }],
    ] as const) {
      const bytes = textFile();
      const form = formData(
        before,
        { name: 'note.txt', type: 'text/plain', size: bytes.length, chunks: [bytes] },
        after,
      );
      const answer = await sendStream(
        'POST',
        `${system.apiUrl}/v1/files/upload`,
        auth(client, form.headers),
        form.size,
        form.chunks,
      );
      expect(answer.status).toBe(201);
      const body = JSON.parse(answer.body) as Record<string, unknown>;
      expect(body).toMatchObject({
        fileId: expect.stringMatching(UUID_V4),
        filename: 'note.txt',
        mimeType: 'text/plain',
        size: bytes.length,
        bucket: 'documents',
        status: 'pending_scan',
        url: null,
        createdAt: expect.stringMatching(ISO),
        uploadedBy: client.caller.userId,
      });
      expect(await client.until(body['fileId'] as string, 'available')).toMatchObject({
        sha256: sha256(bytes),
        metadata: { a: 1 },
      });
    }
  });

  it('M1 M4 M24 carries 300 MB both ways: bytes out equal bytes in, and the memory of worker and API stays flat', async () => {
    const size = 300 * 1000 * 1000;
    const hash = createHash('sha256');
    for (const chunk of generated(size)) hash.update(chunk);
    const expected = hash.digest('hex');
    const big = { filename: 'disk.img', mimeType: 'application/octet-stream' };
    const warm = await client.upload(textFile());
    await client.until(warm, 'available');

    const worker = system.running('scan-worker');
    const workerIdle = worker.rss();
    const presigned = await client.presign(size, big);
    const put = await sendStream('PUT', presigned.body.uploadUrl, presigned.body.headers, size, generated(size));
    expect(put).toMatchObject({ status: 200 });
    expect((await client.confirm(presigned.body.fileId)).status).toBe(200);
    const peak = await peakOf(worker, () => client.until(presigned.body.fileId, 'available', 180_000));
    expect(peak.result).toMatchObject({ size, sha256: expected });
    expect((peak.rss - workerIdle) / MiB).toBeLessThanOrEqual(64);

    const link = await client.downloadUrl(presigned.body.fileId);
    expect(await hashOf(link.body.url)).toEqual({ status: 200, sha256: expected, size });

    const api = system.running('files-api');
    const apiIdle = api.rss();
    const form = formData(
      { bucket: 'exports' },
      { name: 'disk.img', type: big.mimeType, size, chunks: generated(size) },
      {},
    );
    const sent = await peakOf(api, () =>
      sendStream('POST', `${system.apiUrl}/v1/files/upload`, auth(client, form.headers), form.size, form.chunks),
    );
    expect(sent.result).toMatchObject({ status: 201 });
    expect((sent.rss - apiIdle) / MiB).toBeLessThanOrEqual(64);
    const { fileId } = JSON.parse(sent.result.body) as { fileId: string };
    expect(await client.until(fileId, 'available', 180_000)).toMatchObject({ size, sha256: expected });
  }, 300_000);

  it('M29 deletes: the file is gone from every door at once', async () => {
    const fileId = await client.upload(textFile());
    await client.until(fileId, 'available');
    expect((await client.call('DELETE', `/v1/files/${fileId}`)).status).toBe(204);
    for (const answer of [
      await client.file(fileId),
      await client.downloadUrl(fileId),
      await client.call('DELETE', `/v1/files/${fileId}`),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
  });

  it('M37 writes an audit row for every transition and every URL handed out, with actor, time and request id', async () => {
    const requestId = 'acceptance-request-0001';
    const bytes = textFile();
    const presigned = await client.call(
      'POST',
      '/v1/files/presign',
      { filename: 'a.txt', mimeType: 'text/plain', bucket: 'assets', size: bytes.length },
      { 'x-request-id': requestId },
    );
    expect(presigned.headers.get('x-request-id')).toBe(requestId);
    await client.put(presigned, new Blob([new Uint8Array(bytes)]));
    await client.confirm(presigned.body.fileId);
    await client.until(presigned.body.fileId, 'available');
    await client.downloadUrl(presigned.body.fileId);
    const rows = await system.rows<{ action: string; actor: string; request_id: string | null; detail: unknown }>(
      'SELECT action, actor, request_id, detail FROM audit_log WHERE file_id = $1 ORDER BY id',
      [presigned.body.fileId],
    );
    expect(rows.map((row) => row.action)).toEqual([
      'version.awaiting_upload',
      'version.uploaded',
      'version.scanning',
      'version.clean',
      'version.available',
      'file.download_url_created',
    ]);
    expect(rows[0]).toMatchObject({ actor: `user:${client.caller.userId}`, request_id: requestId });
    expect(rows[2]?.actor).toBe('system:scan-worker');
    expect(JSON.stringify(rows)).not.toMatch(/X-Amz|Signature=/i);
  });

  it('M45 tells the outside once that a file is available, with a stable id', async () => {
    const fileId = await client.upload(textFile());
    const file = await client.until(fileId, 'available');
    const [event] = await system.eventually('the event arrives', async () => {
      const events = system.sink.of(fileId);
      return events.length > 0 ? events : undefined;
    });
    expect(event).toMatchObject({
      type: 'file.available',
      subject: fileId,
    });
    // Exactly what docs/asyncapi.yaml says.
    const { versionId, sha256: hash, size, mimeType } = file;
    expect(event?.data).toEqual({ fileId, versionId, sha256: hash, size, mimeType });
  });

  it('M41 serves OpenAPI 3.1 and the same doors under /api/v1', async () => {
    const openapi = await client.call('GET', '/openapi.json');
    expect(openapi.body.openapi).toMatch(/^3\.1/);
    expect(Object.keys(openapi.body.paths)).toEqual(
      expect.arrayContaining(['/v1/files/presign', '/v1/files/{fileId}']),
    );
    const fileId = await client.upload(textFile());
    expect((await client.call('GET', `/api/v1/files/${fileId}`)).status).toBe(200);
    // The invariants below are those of a system at rest.
    await client.until(fileId, 'available');
  });

  it('I1–I10 hold afterwards', async () => {
    expect(await checkSystem(system)).toEqual([]);
  });
});

function auth(client: Client, headers: Record<string, string>): Record<string, string> {
  return { ...headers, authorization: `Bearer ${client.caller.token}` };
}

async function peakOf<T>(app: { rss(): number }, work: () => Promise<T>): Promise<{ result: T; rss: number }> {
  let rss = app.rss();
  const sampler = setInterval(() => (rss = Math.max(rss, app.rss())), 20);
  try {
    const result = await work();
    return { result, rss };
  } finally {
    clearInterval(sampler);
  }
}
