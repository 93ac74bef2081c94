import { createHash, randomUUID } from 'node:crypto';
import { S3ObjectStore } from '@custody/storage';
import { stackStore } from '@custody/testing';
import request from 'supertest';
import { CleanScan, ORIGIN, RunningApi, type Identity } from '../files-api.fixture.js';

const PDF = Buffer.from(`%PDF-1.7\n${'0123456789'.repeat(10)}\n`);
const ETAG = `"${createHash('sha256').update(PDF).digest('hex')}"`;

describe('files', () => {
  let running: RunningApi;
  let scan: CleanScan;
  let me: Identity;
  let token: string;
  let pending: string;
  let available: string;

  beforeAll(async () => {
    running = await RunningApi.start();
    scan = new CleanScan(running.database);
    me = { tenant: randomUUID(), user: randomUUID() };
    token = await running.token(me);
    available = await upload();
    await scan.run('documents', 'application/pdf');
    pending = await upload();
  });
  afterAll(async () => {
    const store = new S3ObjectStore(stackStore('worker'));
    for await (const { key } of store.listStaging(`${me.tenant}/`)) await store.deleteStaging(key);
    for await (const { key } of store.listMain(`${me.tenant}/`)) await store.deleteMain(key);
    store.close();
    await scan.close();
    await running.stop();
  });

  const call = (method: 'get' | 'head' | 'post' | 'delete', path: string, as = token) =>
    request(running.url)[method](`/v1/files/${path}`).auth(as, { type: 'bearer' });
  const content = (headers: Record<string, string> = {}, path = `${available}/content`) =>
    call('get', path).set(headers).buffer();

  async function upload(name = 'a "ключ".pdf', type = 'application/pdf', bytes: Buffer = PDF): Promise<string> {
    const { body } = await call('post', 'upload')
      .field('bucket', 'documents')
      .field('filename', name)
      .attach('file', bytes, { filename: 'x', contentType: type })
      .expect(201);
    return body.fileId;
  }
  /** It is the oldest and would be claimed first. */
  async function hidePending(): Promise<void> {
    await running.database.query("UPDATE file_versions SET retry_at = now() + interval '1 hour' WHERE file_id = $1", [
      pending,
    ]);
  }

  async function uploadClean(name: string, type: string, bytes: Buffer): Promise<string> {
    await hidePending();
    const fileId = await upload(name, type, bytes);
    await scan.run('documents', type);
    return fileId;
  }

  it('M29 shows an available file with its scan and the way to its bytes', async () => {
    const { body } = await call('get', available).expect(200);
    expect(body).toMatchObject({
      ...{ status: 'available', stage: 'available', size: PDF.length, sha256: ETAG.slice(1, -1), rejectReason: null },
      url: `https://files.example.com/v1/files/${available}/content`,
      scan: { coverage: 'full', engineVersion: 'ClamAV 1.4', signatureVersion: '27000' },
    });
    expect(JSON.stringify(body)).not.toContain('X-Amz');
    await call('head', available)
      .expect(200)
      .expect('content-length', String(Buffer.byteLength(JSON.stringify(body))));
  });

  describe('content', () => {
    it('M27 S24 sends the whole with headers that keep a browser quiet', async () => {
      const { body, headers } = await content().expect(200);
      expect(body).toEqual(PDF);
      expect(headers).toMatchObject({
        'content-type': 'application/pdf',
        'content-length': String(PDF.length),
        'accept-ranges': 'bytes',
        etag: ETAG,
        'x-content-type-options': 'nosniff',
        'content-security-policy': 'sandbox',
        'cross-origin-resource-policy': 'same-site',
        'cache-control': 'private, no-cache',
      });
      expect(headers['content-disposition']).toMatch(/^inline; filename="[\x20-\x7e]*"; filename\*=UTF-8''/);
    });

    it('M27 answers HEAD like GET, without bytes', async () => {
      const { headers } = await call('head', `${available}/content`).set('range', 'bytes=0-1').expect(200);
      expect(headers).toMatchObject({
        'content-length': String(PDF.length),
        etag: ETAG,
        'content-type': 'application/pdf',
      });
    });

    it.each([
      ['bytes=0-3', 0, 3],
      ['bytes=5-', 5, PDF.length - 1],
      ['bytes=-4', PDF.length - 4, PDF.length - 1],
      ['bytes=-999999', 0, PDF.length - 1],
      ['bytes=3-999999', 3, PDF.length - 1],
    ])('M27 S26 sends the part %s', async (range, start, end) => {
      const { body, headers } = await content({ range }).expect(206);
      expect(body).toEqual(PDF.subarray(start, end + 1));
      expect(headers).toMatchObject({
        'content-range': `bytes ${start}-${end}/${PDF.length}`,
        'content-length': String(end - start + 1),
      });
    });

    it.each(['lines=0-1', 'bytes=4-3', 'bytes=0-1,3-4', 'bytes=x'])('S26 ignores %s', async (range) => {
      expect((await content({ range }).expect(200)).body).toEqual(PDF);
    });

    it.each(['bytes=-0', `bytes=${PDF.length}-`])('S26 refuses %s with the size', async (range) => {
      const { body, headers } = await call('get', `${available}/content`).set({ range }).expect(416);
      expect(body.code).toBe('RANGE_NOT_SATISFIABLE');
      expect(headers['content-range']).toBe(`bytes */${PDF.length}`);
    });

    it('M27 weighs If-None-Match and If-Range', async () => {
      const unchanged = await content({ 'if-none-match': `"x", W/${ETAG}`, range: 'bytes=0-1' }).expect(304);
      expect(unchanged.headers).toMatchObject({ etag: ETAG });
      await content({ 'if-none-match': '"x"' }).expect(200);
      await content({ 'if-range': ETAG, range: 'bytes=0-1' }).expect(206);
      await content({ 'if-range': `W/${ETAG}`, range: 'bytes=0-1' }).expect(200);
    });

    it('S24 sends what a browser could run as a download of nothing in particular', async () => {
      const page = Buffer.from('<!doctype html><script>alert(1)</script>');
      const fileId = await uploadClean('a.html', 'text/html', page);
      const { headers } = await content({}, `${fileId}/content`).expect(200);
      expect(headers).toMatchObject({
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="a.html"',
        'x-content-type-options': 'nosniff',
      });
    });

    it('M38 lets configured origins read it and no others', async () => {
      const listed = await content({ origin: ORIGIN }).expect(200);
      expect(listed.headers['access-control-allow-origin']).toBe(ORIGIN);
      const other = await content({ origin: 'https://evil.example' }).expect(200);
      expect(other.headers['access-control-allow-origin']).toBeUndefined();
    });
  });

  describe('download URL', () => {
    it('M26 M37 is fresh, short-lived, audited, and reads the bytes', async () => {
      const { body } = await call('post', `${available}/download-url`)
        .send({ expiresIn: 300, attachment: true })
        .expect(200);
      expect(body.expiresIn).toBe(300);
      expect(Date.parse(body.expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
      const answer = await fetch(body.url);
      expect(Buffer.from(await answer.arrayBuffer())).toEqual(PDF);
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment; /);
      const rows = await running.database.query(
        "SELECT actor, detail FROM audit_log WHERE file_id = $1 AND action = 'file.download_url_created'",
        [available],
      );
      expect(rows).toEqual([{ actor: `user:${me.user}`, detail: { expiresIn: 300, attachment: true } }]);
    });

    it('M26 lives an hour when nothing is said, and never longer', async () => {
      expect((await call('post', `${available}/download-url`).expect(200)).body.expiresIn).toBe(3_600);
      const { body } = await call('post', `${available}/download-url`).send({ expiresIn: 3_601 }).expect(400);
      expect(body.errors[0].pointer).toBe('/expiresIn');
    });
  });

  it('M19 S27 gives neither bytes nor a URL before a verdict', async () => {
    for (const answer of [
      await call('get', `${pending}/content`),
      await call('get', `${pending}/content`).set('range', 'bytes=0-0'),
      await call('post', `${pending}/download-url`),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([409, 'FILE_NOT_AVAILABLE']);
    }
    await call('head', `${pending}/content`).expect(409);
    expect((await call('get', pending).expect(200)).body.url).toBeNull();
  });

  it('S27 gives neither between the verdict and the last step', async () => {
    await hidePending();
    const fileId = await upload('c.pdf');
    const publish = await scan.judge('documents', 'application/pdf');
    expect((await call('get', fileId)).body).toMatchObject({ stage: 'clean', status: 'pending_scan', url: null });
    await call('get', `${fileId}/content`).expect(409);
    await call('head', `${fileId}/content`).expect(409);
    const refused = await call('post', `${fileId}/download-url`).expect(409);
    expect(refused.body.code).toBe('FILE_NOT_AVAILABLE');
    await publish();
    await call('get', `${fileId}/content`).expect(200);
  });

  it('M34 answers for a foreign, an absent and a deleted file alike, at each door', async () => {
    const deleted = await upload();
    await call('delete', deleted).expect(204);
    const stranger = await running.token({ tenant: randomUUID(), user: me.user });
    const doors = [
      (id: string, as: string) => call('get', id, as),
      (id: string, as: string) => call('get', `${id}/content`, as),
      (id: string, as: string) => call('post', `${id}/download-url`, as),
      (id: string, as: string) => call('post', `presign/${id}/confirm`, as),
      (id: string, as: string) => call('delete', id, as),
    ];
    for (const door of doors) {
      const answers = [
        await door(available, stranger),
        await door(randomUUID(), token),
        await door(deleted, token),
        await door('no-uuid', token),
      ];
      const seen = answers.map(({ status, body: { requestId: _, ...problem } }) => JSON.stringify([status, problem]));
      expect(new Set(seen).size).toBe(1);
      expect(answers[0]?.body).toMatchObject({ status: 404, code: 'FILE_NOT_FOUND' });
    }
    await call('get', available).expect(200);
  });
});
