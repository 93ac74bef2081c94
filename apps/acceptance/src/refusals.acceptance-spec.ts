import { randomUUID } from 'node:crypto';
import type { Answer, Client } from './harness/client.js';
import { textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { formData, sendStream } from './harness/transfer.js';

const MiB = 1024 ** 2;

/** An RFC 9457 problem of ours, whatever went wrong. */
function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({
    status,
    body: { code, status, title: expect.any(String), requestId: expect.any(String) },
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
}

describe('refusals', () => {
  let system: System;
  let client: Client;

  beforeAll(async () => {
    system = await System.start({ label: 'refusals', env: { FILES_PRESIGN_EXPIRY_SEC: '2' } });
    client = await system.client();
  }, 120_000);
  afterAll(() => system.stop());

  it('M8 refuses an unknown bucket and lists every other problem at once', async () => {
    const answer = await client.call('POST', '/v1/files/presign', {
      filename: '',
      mimeType: 'nonsense',
      bucket: 'secrets',
      size: -1,
      metadata: [],
    });
    expectProblem(answer, 400, 'validation-error');
    const pointers = answer.body.errors.map((problem: { pointer: string }) => problem.pointer);
    expect(pointers).toEqual(expect.arrayContaining(['/filename', '/bucket', '/size', '/metadata']));
  });

  it('M9 refuses images over 10 MB, on both ways in', async () => {
    const fields = { mimeType: 'image/png', filename: 'a.png' };
    expectProblem(await client.presign(10 * MiB + 1, fields), 413, 'PAYLOAD_TOO_LARGE');
    expect((await client.presign(10 * MiB, fields)).status).toBe(201);
    const chunks = Array.from({ length: 11 }, () => Buffer.alloc(MiB));
    const form = formData({ bucket: 'assets' }, { name: 'a.png', type: 'image/png', size: 11 * MiB, chunks }, {});
    const sent = await sendStream(
      'POST',
      `${system.apiUrl}/v1/files/upload`,
      { ...form.headers, authorization: `Bearer ${client.caller.token}` },
      form.size,
      form.chunks,
    );
    expect(JSON.parse(sent.body)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    await system.eventually(
      'nothing stays in staging',
      async () => (await system.store.stagingVersions(client.caller.tenantId)).length === 0,
    );
  });

  it('refuses a file over the limit of one PUT, and one without bytes (S16)', async () => {
    expectProblem(await client.presign(5 * 1024 * MiB + 1), 413, 'PAYLOAD_TOO_LARGE');
    expectProblem(await client.presign(0), 400, 'validation-error');
  });

  it('M10 refuses a proxied upload whose bytes are of another type', async () => {
    const bytes = textFile();
    const form = formData(
      { bucket: 'assets' },
      { name: 'a.png', type: 'image/png', size: bytes.length, chunks: [bytes] },
      {},
    );
    const sent = await sendStream(
      'POST',
      `${system.apiUrl}/v1/files/upload`,
      { ...form.headers, authorization: `Bearer ${client.caller.token}` },
      form.size,
      form.chunks,
    );
    expect(sent.status).toBe(422);
    expect(JSON.parse(sent.body)).toMatchObject({ code: 'MIME_TYPE_MISMATCH' });
  });

  it('refuses a proxied upload without a file, with two, with an unknown field, and with bad metadata', async () => {
    const post = async (body: string) => {
      const headers = {
        'content-type': 'multipart/form-data; boundary=b',
        authorization: `Bearer ${client.caller.token}`,
      };
      const sent = await sendStream('POST', `${system.apiUrl}/v1/files/upload`, headers, Buffer.byteLength(body), [
        Buffer.from(body),
      ]);
      return { status: sent.status, code: (JSON.parse(sent.body) as { code: string }).code };
    };
    const field = (name: string, value: string) =>
      `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const file =
      '--b\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nhello\r\n';
    const refused = { status: 400, code: 'validation-error' };
    expect(await post(`${field('bucket', 'assets')}--b--\r\n`)).toEqual(refused);
    expect(await post(`${field('bucket', 'assets')}${file}${file}--b--\r\n`)).toEqual(refused);
    expect(await post(`${field('bucket', 'assets')}${field('colour', 'red')}${file}--b--\r\n`)).toEqual(refused);
    expect(await post(`${file}${field('bucket', 'assets')}${field('metadata', '{"a":')}--b--\r\n`)).toEqual(refused);
    expect(await post(file + '--b--\r\n')).toEqual(refused);
    await system.eventually(
      'nothing stays in staging',
      async () => (await system.store.stagingVersions(client.caller.tenantId)).length === 0,
    );
  });

  it('answers a confirm without bytes with 409, and the upload goes on', async () => {
    const bytes = textFile();
    const presigned = await client.presign(bytes);
    expectProblem(await client.confirm(presigned.body.fileId), 409, 'UPLOAD_NOT_FOUND');
    expect((await client.put(presigned, new Blob([new Uint8Array(bytes)]))).status).toBe(200);
    expect((await client.confirm(presigned.body.fileId)).status).toBe(200);
  });

  it('refuses an expired upload URL at the store', async () => {
    const bytes = textFile();
    const presigned = await client.presign(bytes);
    await system.eventually('the URL expires', () =>
      Promise.resolve(Date.now() > Date.parse(presigned.body.expiresAt) + 1000),
    );
    expect((await client.put(presigned, new Blob([new Uint8Array(bytes)]))).status).toBe(403);
    expectProblem(await client.confirm(presigned.body.fileId), 409, 'UPLOAD_NOT_FOUND');
  });

  it('speaks problem+json for what the framework refuses too', async () => {
    expectProblem(await client.call('GET', '/v1/nowhere'), 404, 'ROUTE_NOT_FOUND');
    expectProblem(await client.call('GET', `/v1/files/${randomUUID()}`), 404, 'FILE_NOT_FOUND');
    expectProblem(await client.call('GET', '/v1/files/not-a-uuid'), 404, 'FILE_NOT_FOUND');
    const raw = (body: string, type: string) =>
      fetch(`${system.apiUrl}/v1/files/presign`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${client.caller.token}` },
      });
    for (const [body, type, status, code] of [
      ['{"filename":', 'application/json', 400, 'validation-error'],
      ['<a/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
      [JSON.stringify({ filename: 'x'.repeat(200_000) }), 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
    ] as const) {
      const response = await raw(body, type);
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code]);
    }
  });

  it('takes any filename that can be kept, and says which cannot', async () => {
    expect((await client.presign(1, { filename: 'ñ'.repeat(5000) })).status).toBe(201);
    expectProblem(await client.presign(1, { filename: 'a\0b' }), 400, 'validation-error');
    expectProblem(await client.presign(1, { filename: 'ñ'.repeat(5001) }), 400, 'validation-error');
    expectProblem(await client.presign(1, { metadata: { a: 'x\0' } }), 400, 'validation-error');
  });
});
