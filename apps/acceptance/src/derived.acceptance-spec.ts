import { jest } from '@jest/globals';
import { deflateSync } from 'node:zlib';
import type { Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { pdfFile, pdfOf, pngFile, pngHeader, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

interface Derived {
  readonly status: string;
  readonly versionId: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly pageCount: number | null;
  readonly thumbnails: number[];
  readonly derived: { status: string; reason: string | null };
}

const PDF = { mimeType: 'application/pdf', filename: 'a.pdf' };
const PNG = { mimeType: 'image/png', filename: 'a.png' };

// A rendering is a process of its own: on a busy machine it takes seconds to start.
jest.setTimeout(60_000);

describe('derived data', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    const env = { DERIVE_TIMEOUT_SEC: '12', FILES_DELETE_RETENTION_DAYS: '0' };
    system = await System.start({ label: 'derived', env });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  /** The file once its version is available and its derivation has come to an end. */
  const settled = (fileId: string, of: (file: Derived) => boolean = () => true, timeoutMs = 60_000): Promise<Derived> =>
    system.eventually(
      'its derived data is there',
      async () => {
        const { body } = await client.file(fileId);
        const file = body as Derived;
        return file.status === 'available' && file.derived.status !== 'pending' && of(file) ? file : undefined;
      },
      timeoutMs,
    );
  const thumbnail = (fileId: string, query = '', as = client) =>
    as.call('GET', `/v1/files/${fileId}/thumbnail-url${query}`);
  const derived = async (bytes: Uint8Array, fields: object): Promise<Derived & { fileId: string }> => {
    const fileId = await client.upload(bytes, { ...fields });
    return { ...(await settled(fileId)), fileId };
  };

  it('M24 M25 measures an image and makes its thumbnails, in both formats and sizes', async () => {
    const file = await derived(pngFile(600), PNG);
    expect(file).toMatchObject({ width: 600, height: 600, pageCount: null, thumbnails: [128, 512] });
    expect(file.derived).toEqual({ status: 'done', reason: null });
    for (const [size, format, magic] of [
      [128, 'webp', /^RIFF....WEBP/s],
      [512, 'webp', /^RIFF....WEBP/s],
      [128, 'jpeg', /^\xff\xd8\xff/],
      [512, 'jpeg', /^\xff\xd8\xff/],
    ] as const) {
      const { status, body } = await thumbnail(file.fileId, `?size=${size}&format=${format}`);
      expect(status).toBe(200);
      expect(Date.parse(body.expiresAt as string)).toBeGreaterThan(Date.now());
      const served = await fetch(body.url as string);
      expect(served.headers.get('content-type')).toBe(`image/${format}`);
      expect(Buffer.from(await served.arrayBuffer()).toString('latin1', 0, 12)).toMatch(magic);
    }
    const audit = await system.rows<{ detail: Record<string, unknown> }>(
      `SELECT detail FROM audit_log WHERE file_id = $1 AND action = 'file.thumbnail_url_created'`,
      [file.fileId],
    );
    expect(audit).toHaveLength(4);
    expect(JSON.stringify(audit)).not.toMatch(/X-Amz|http/);
    expect((await thumbnail(file.fileId, '?size=1000000')).status).toBe(400);
    expect(await thumbnail(file.fileId, '', await system.client())).toMatchObject({
      status: 404,
      body: { code: 'FILE_NOT_FOUND' },
    });
  });

  it('M24 M25 counts the pages of a PDF and shows its first', async () => {
    const file = await derived(pdfFile(), PDF);
    expect(file).toMatchObject({ width: null, height: null, pageCount: 1, thumbnails: [128, 512] });
    const { body } = await thumbnail(file.fileId, '?size=128');
    expect((await fetch(body.url as string)).status).toBe(200);
  });

  it('M15 M24 what is derived follows the version that speaks for the file', async () => {
    const file = await derived(pdfFile(), PDF);
    const bytes = pngFile(64);
    const presigned = await client.call('POST', `/v1/files/${file.fileId}/versions/presign`, {
      ...{ mimeType: 'image/png', size: bytes.length },
    });
    await client.put(presigned, new Blob([new Uint8Array(bytes)]));
    await client.confirm(file.fileId);
    const newer = await settled(file.fileId, ({ versionId }) => versionId === presigned.body.versionId);
    expect(newer).toMatchObject({ width: 64, height: 64, pageCount: null });
    await client.call('POST', `/v1/files/${file.fileId}/versions/${file.versionId}/restore`);
    expect((await client.file(file.fileId)).body).toMatchObject({ width: null, pageCount: 1, thumbnails: [128, 512] });
  });

  it('M25 S27 while a thumbnail is missing the answer says so and points to the original', async () => {
    const file = await derived(pngFile(), PNG);
    await system.rows('DELETE FROM derivations WHERE version_id = $1', [file.versionId]);
    const missing = await thumbnail(file.fileId);
    expect(missing).toMatchObject({ status: 404, body: { code: 'THUMBNAIL_NOT_READY', original: expect.any(String) } });
    expect(missing.headers.get('retry-after')).not.toBeNull();
    const original = await fetch(missing.body.original as string, {
      headers: { authorization: `Bearer ${client.caller.token}` },
    });
    expect([original.status, original.headers.get('content-type')]).toEqual([200, 'image/png']);

    const text = await client.upload(textFile());
    await client.until(text, 'available');
    expect((await client.file(text)).body).toMatchObject({ derived: { status: 'none' }, thumbnails: [] });
    expect(await thumbnail(text)).toMatchObject({
      status: 404,
      body: { code: 'NO_THUMBNAIL', original: expect.any(String) },
    });
    const staged = await client.staged(pngFile(), PNG);
    expect(await thumbnail(staged.body.fileId as string)).toMatchObject({
      status: 409,
      body: { code: 'FILE_NOT_AVAILABLE' },
    });
  });

  it('S21 refuses an image bomb by its header; the verdict stands', async () => {
    const file = await derived(pngHeader(50_000, 50_000), PNG);
    expect(file).toMatchObject({ status: 'available', width: 50_000, height: 50_000, thumbnails: [] });
    expect(file.derived).toEqual({ status: 'failed', reason: 'too_many_pixels' });
    expect(await thumbnail(file.fileId)).toMatchObject({ status: 404, body: { code: 'NO_THUMBNAIL' } });
  });

  it('S22 never rasterises SVG, and decodes nothing under a false name', async () => {
    const fileId = await client.upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), {
      ...{ mimeType: 'image/svg+xml', filename: 'a.svg' },
    });
    expect(await settled(fileId)).toMatchObject({ derived: { status: 'none' }, width: null, thumbnails: [] });
    const broken = await derived(pngHeader(10, 10), PNG);
    expect(broken.derived).toEqual({ status: 'failed', reason: 'not_decodable' });
  });

  it('S23 a hostile PDF ends its rendering and nothing else', async () => {
    const worker = system.running('scan-worker');
    const hostile = await Promise.all(
      [manyPages(), xrefLoop(), endlessPage()].map((bytes) => client.upload(bytes, PDF)),
    );
    const [pages, loop, endless] = await Promise.all(hostile.map((fileId) => settled(fileId, undefined, 120_000)));
    expect(pages).toMatchObject({ pageCount: null, derived: { status: 'failed' } });
    expect(['done', 'failed']).toContain(loop?.derived.status);
    expect(endless?.derived.status).toBe('failed');
    expect(endless?.derived.reason).toMatch(/^(timeout|crashed)$/);
    expect(worker.running).toBe(true);
    expect((await derived(pdfFile(), PDF)).derived.status).toBe('done');
  }, 180_000);

  it('M25 a purged file leaves no thumbnail behind', async () => {
    const file = await derived(pngFile(), PNG);
    const prefix = `${client.caller.tenantId}/derived/${file.fileId}/`;
    expect(await system.store.mainKeys(prefix)).toHaveLength(4);
    expect((await client.call('DELETE', `/v1/files/${file.fileId}`)).status).toBe(204);
    await system.eventually('it is purged', async () => (await system.store.mainKeys(prefix)).length === 0);
  });

  it('leaves every invariant standing', async () => {
    expect(await checkSystem(system)).toEqual([]);
  });
});

/** One page a million times over: the tree has as many leaves as it says. */
function manyPages(): Buffer {
  const count = 1_000_000;
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${'3 0 R '.repeat(count)}] /Count ${count} >>`,
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>',
  ]);
}

/** A cross-reference table that names itself as the one before it (ISO 32000-1, 7.5.5). */
function xrefLoop(): Buffer {
  const text = pdfFile().toString('latin1');
  const at = /startxref\n(\d+)/.exec(text)?.[1] ?? '';
  return Buffer.from(text.replace('/Root 1 0 R', `/Root 1 0 R /Prev ${at}`), 'latin1');
}

/** A small file whose page takes millions of steps to draw. */
function endlessPage(): Buffer {
  const content = deflateSync(Buffer.from('q 0 0 500 500 re f Q\n'.repeat(2_000_000)));
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Contents 4 0 R >>',
    `<< /Length ${content.length} /Filter /FlateDecode >>\nstream\n${content.toString('latin1')}\nendstream`,
  ]);
}
