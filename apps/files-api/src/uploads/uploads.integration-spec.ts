import { createHash, randomUUID } from 'node:crypto';
import { S3ObjectStore } from '@custody/storage';
import { stackStore } from '@custody/testing';
import request from 'supertest';
import { EVENTS_TOKEN, RunningApi, type Identity } from '../files-api.fixture.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');
const TEN_MIB = Buffer.alloc(10 * 1024 ** 2, 'x');
const LARGE = Buffer.concat([PDF, TEN_MIB]);

describe('uploads', () => {
  let running: RunningApi;
  let store: S3ObjectStore;
  let me: Identity;
  let token: string;

  beforeAll(async () => {
    running = await RunningApi.start({ FILES_STAGING_MAX_PER_TENANT: '5', FILES_MAX_SIZE_BYTES: '20000000' });
    store = new S3ObjectStore(stackStore('api'));
  });
  beforeEach(async () => {
    me = { tenant: randomUUID(), user: randomUUID() };
    token = await running.token(me);
  });
  afterEach(async () => {
    for await (const { key } of store.listStaging(`${me.tenant}/`)) await store.deleteStaging(key);
  });
  afterAll(async () => {
    store.close();
    await running.stop();
  });

  const post = (path: string) => request(running.url).post(path).auth(token, { type: 'bearer' });
  const asked = (change: object = {}) => ({
    filename: 'ключ "1".pdf',
    mimeType: 'application/pdf',
    bucket: 'documents',
    size: PDF.length,
    ...change,
  });
  const stagedKeys = async () => {
    const keys: string[] = [];
    for await (const { key } of store.listStaging(`${me.tenant}/`)) keys.push(key);
    return keys;
  };
  const form = () => post('/v1/files/upload');
  const pdf = { filename: 'a.pdf', contentType: 'application/pdf' };

  describe('presign and confirm', () => {
    it('M1 M2 M3 takes bytes by an upload URL and says the same at each confirm', async () => {
      const metadata = { caseId: 7, tags: ['a', { deep: null }] };
      const presigned = await post('/api/v1/files/presign')
        .send(asked({ metadata, tenantId: randomUUID() }))
        .expect(201);
      expect(presigned.body).toMatchObject({ method: 'PUT', fields: {}, status: 'pending_scan' });
      const { fileId, versionId, uploadUrl, headers } = presigned.body;
      expect(new URL(uploadUrl).pathname).toContain(`/${me.tenant}/staging/${fileId}/${versionId}`);
      expect(headers).toMatchObject({ 'content-type': 'application/pdf', 'if-none-match': '*' });
      expect(Date.parse(presigned.body.expiresAt) - Date.now()).toBeLessThanOrEqual(900_000);

      const early = await post(`/v1/files/presign/${fileId}/confirm`).expect(409);
      expect(early.body).toMatchObject({ code: 'UPLOAD_NOT_FOUND', status: 409 });
      expect((await fetch(uploadUrl, { method: 'PUT', headers, body: PDF })).status).toBe(200);
      for (let time = 0; time < 2; time += 1) {
        const confirmed = await post(`/v1/files/presign/${fileId}/confirm`).expect(200);
        expect(confirmed.body).toEqual({ fileId, status: 'pending_scan' });
      }
      const read = await request(running.url).get(`/v1/files/${fileId}`).auth(token, { type: 'bearer' }).expect(200);
      expect(read.body).toMatchObject({
        ...{ fileId, versionId, metadata, filename: asked().filename, uploadedBy: me.user },
        ...{ stage: 'uploaded', status: 'pending_scan', url: null, sha256: null, scan: null },
      });
    });

    it('M11 signs what the client declared and keeps what the catalogue says', async () => {
      const declared = 'application/x-evidence; v=1';
      const { body } = await post('/v1/files/presign')
        .send(asked({ mimeType: declared }))
        .expect(201);
      expect(body.headers['content-type']).toBe(declared);
      const read = await request(running.url).get(`/v1/files/${body.fileId}`).auth(token, { type: 'bearer' });
      expect(read.body.mimeType).toBe('application/octet-stream');
      for (const mimeType of ['nonsense', 'a/b\r\nx: y', '']) {
        const other = await post('/v1/files/presign').send(asked({ mimeType })).expect(201);
        expect(other.body.headers['content-type']).toBe('application/octet-stream');
      }
    });

    it('reports everything that is wrong with a body at once', async () => {
      const metadata = { ['a\0']: 1 };
      const { body } = await post('/v1/files/presign')
        .send({ filename: '\ud800', bucket: 'etc', size: 0.5, sha256: 'x', metadata })
        .expect(400)
        .expect('content-type', /^application\/problem\+json/);
      expect(body.code).toBe('validation-error');
      expect(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual(
        ['/bucket', '/filename', '/metadata', '/mimeType', '/sha256', '/size'].sort(),
      );
    });

    it('S25 keeps 5,000 characters of any Unicode and no more', async () => {
      const filename = '🗂'.repeat(5_000);
      await post('/v1/files/presign').send(asked({ filename })).expect(201);
      await post('/v1/files/presign')
        .send(asked({ filename: `${filename}x` }))
        .expect(400);
    });

    it.each([
      ['deeper than 32 levels', JSON.parse('{"a":'.repeat(40) + '1' + '}'.repeat(40))],
      ['larger than 16 KiB', { a: 'x'.repeat(17_000) }],
      ['half a surrogate pair', { a: ['\udfff'] }],
    ])('refuses metadata with %s', async (_, metadata) => {
      const { body } = await post('/v1/files/presign').send(asked({ metadata })).expect(400);
      expect(body.errors[0].pointer).toBe('/metadata');
    });

    it('M9 limits images to 10 MiB and everything to the configured size', async () => {
      const limit = 10 * 1024 ** 2;
      await post('/v1/files/presign')
        .send(asked({ mimeType: 'image/png', size: limit }))
        .expect(201);
      const image = await post('/v1/files/presign')
        .send(asked({ mimeType: 'IMAGE/png', size: limit + 1 }))
        .expect(413);
      expect(image.body.code).toBe('PAYLOAD_TOO_LARGE');
      await post('/v1/files/presign')
        .send(asked({ size: 20_000_001 }))
        .expect(413);
    });

    it('M12 gives exactly as many places as configured, and says when to come back', async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => post('/v1/files/presign').send(asked())));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
      const refused = answers.find(({ status }) => status === 503);
      expect(refused?.body.code).toBe('STAGING_LIMIT_EXCEEDED');
      expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
      await form().field('bucket', 'assets').attach('file', PDF, pdf).expect(503);
    });

    it('M23 F7 takes an event of the store for a confirm, and believes none of it', async () => {
      const tell = (key: string) =>
        request(running.url)
          .post(`/internal/s3-events/${EVENTS_TOKEN}`)
          .send({
            Records: [{ eventName: 'ObjectCreated:Put', s3: { object: { key, size: 1, versionId: 'forged' } } }],
          })
          .expect(204);
      const stageOf = async (fileId: string) =>
        (await request(running.url).get(`/v1/files/${fileId}`).auth(token, { type: 'bearer' })).body.stage;
      const { body } = await post('/v1/files/presign').send(asked()).expect(201);
      const key = `${me.tenant}/staging/${body.fileId}/${body.versionId}`;
      await tell(key);
      expect(await stageOf(body.fileId)).toBe('awaiting_upload');
      await fetch(body.uploadUrl, { method: 'PUT', headers: body.headers, body: PDF });
      await tell(`${randomUUID()}/staging/${body.fileId}/${body.versionId}`);
      expect(await stageOf(body.fileId)).toBe('awaiting_upload');
      await tell(encodeURIComponent(key));
      expect(await stageOf(body.fileId)).toBe('uploaded');
      const [audit] = await running.database.query<{ actor: string }>(
        "SELECT actor FROM audit_log WHERE file_id = $1 AND action = 'version.uploaded'",
        [body.fileId],
      );
      expect(audit).toEqual({ actor: 'system:store-event' });
    });

    it('M34 confirms nothing of another tenant', async () => {
      const { body } = await post('/v1/files/presign').send(asked()).expect(201);
      const stranger = await running.token({ tenant: randomUUID(), user: me.user });
      const confirm = (fileId: string) =>
        request(running.url).post(`/v1/files/presign/${fileId}/confirm`).auth(stranger, { type: 'bearer' }).expect(404);
      const { requestId: _, ...foreign } = (await confirm(body.fileId)).body;
      const { requestId: __, ...absent } = (await confirm(randomUUID())).body;
      expect(foreign).toEqual(absent);
    });
  });

  describe('through the service', () => {
    it.each([
      ['before', 'small', PDF],
      ['after', 'small', PDF],
      ['before', 'large', LARGE],
      ['after', 'large', LARGE],
    ])('M4 takes a form with its fields %s a %s file', async (order, _, bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const fields = { bucket: 'assets', metadata: '{"a":1}', sha256 };
      const sending = form();
      if (order === 'after') sending.attach('file', bytes, { ...pdf, filename: 'é.pdf' });
      for (const [name, value] of Object.entries(fields)) sending.field(name, value);
      if (order === 'before') sending.attach('file', bytes, { ...pdf, filename: 'é.pdf' });
      const { body } = await sending.expect(201);
      expect(body).toMatchObject({
        ...{ filename: 'é.pdf', mimeType: 'application/pdf', size: bytes.length, bucket: 'assets' },
        ...{ status: 'pending_scan', url: null, uploadedBy: me.user },
      });
      const key = `${me.tenant}/staging/${body.fileId}/${body.versionId}`;
      expect(await stagedKeys()).toEqual([key]);
      const staged = await store.peek({ bucket: 'staging', key }, bytes.length);
      expect(
        createHash('sha256')
          .update(staged?.firstBytes ?? '')
          .digest('hex'),
      ).toBe(sha256);
      const read = await request(running.url).get(`/v1/files/${body.fileId}`).auth(token, { type: 'bearer' });
      expect(read.body).toMatchObject({ stage: 'uploaded', metadata: { a: 1 }, createdAt: body.createdAt });
    });

    it.each<[string, (sending: request.Test) => request.Test, number, string]>([
      ['no file', (one) => one.field('bucket', 'assets'), 400, 'validation-error'],
      [
        'two files',
        (one) => one.field('bucket', 'assets').attach('file', PDF, pdf).attach('file', PDF, pdf),
        400,
        'validation-error',
      ],
      [
        'a file under another name',
        (one) => one.field('bucket', 'assets').attach('data', PDF, pdf),
        400,
        'validation-error',
      ],
      [
        'an unknown field after the file',
        (one) => one.attach('file', PDF, pdf).field('bucket', 'assets').field('tenantId', 'x'),
        400,
        'validation-error',
      ],
      [
        'a field twice',
        (one) => one.field('bucket', 'assets').field('bucket', 'assets').attach('file', PDF, pdf),
        400,
        'validation-error',
      ],
      ['no bucket', (one) => one.attach('file', PDF, pdf), 400, 'validation-error'],
      [
        'metadata that is no object',
        (one) => one.field('bucket', 'assets').field('metadata', '[]').attach('file', PDF, pdf),
        400,
        'validation-error',
      ],
      ['no bytes', (one) => one.field('bucket', 'assets').attach('file', Buffer.alloc(0), pdf), 422, 'EMPTY_FILE'],
      [
        'other bytes than declared',
        (one) => one.field('bucket', 'assets').attach('file', PDF, { ...pdf, contentType: 'image/png' }),
        422,
        'MIME_TYPE_MISMATCH',
      ],
      [
        'an image over its limit',
        (one) =>
          one
            .field('bucket', 'assets')
            .attach('file', Buffer.alloc(10 * 1024 ** 2 + 1), { ...pdf, contentType: 'image/png' }),
        413,
        'PAYLOAD_TOO_LARGE',
      ],
      [
        'two large files',
        (one) => one.field('bucket', 'assets').attach('file', TEN_MIB, pdf).attach('file', TEN_MIB, pdf),
        400,
        'validation-error',
      ],
      [
        'megabytes beside its file',
        (one) => one.attach('file', TEN_MIB, pdf).field('bucket', 'assets').field('metadata', TEN_MIB.toString()),
        400,
        'validation-error',
      ],
      [
        'more bytes than allowed',
        (one) => one.field('bucket', 'assets').attach('file', Buffer.alloc(20_000_001), pdf),
        413,
        'PAYLOAD_TOO_LARGE',
      ],
    ])('refuses a form with %s and leaves no bytes', async (_, fill, status, code) => {
      const { body } = await fill(form()).expect(status);
      expect(body.code).toBe(code);
      expect(await stagedKeys()).toEqual([]);
    });

    it('leaves no bytes and no place taken when the client goes away', async () => {
      const gone = new AbortController();
      const boundary = 'x'.repeat(20);
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a.bin"\r\n\r\n`;
      let left = 40;
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from(head)),
        pull(controller) {
          if (left-- > 0) controller.enqueue(Buffer.alloc(256 * 1024));
          else gone.abort();
        },
      });
      const headers = { authorization: `Bearer ${token}`, 'content-type': `multipart/form-data; boundary=${boundary}` };
      const sending = fetch(`${running.url}/v1/files/upload`, {
        method: 'POST',
        headers,
        body,
        duplex: 'half',
        signal: gone.signal,
      });
      await expect(sending).rejects.toThrow();
      await post('/v1/files/presign').send(asked()).expect(201);
      expect(await stagedKeys()).toEqual([]);
    });
  });
});
