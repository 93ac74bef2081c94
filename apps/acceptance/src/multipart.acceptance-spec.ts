import { randomBytes, randomUUID } from 'node:crypto';
import { CompleteMultipartUploadCommand, ListMultipartUploadsCommand, ListPartsCommand } from '@aws-sdk/client-s3';
import type { Answer, Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { hashOf } from './harness/transfer.js';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const PART = 5 * MiB;
const SIZE = 2 * PART + 1234;

interface SignedPart {
  readonly partNumber: number;
  readonly uploadUrl: string;
  readonly headers: Record<string, string>;
  readonly size: number;
}

describe('M6 uploads in parts', () => {
  let system: System;
  let client: Client;
  const bytes = randomBytes(SIZE);

  beforeAll(async () => {
    const env = { FILES_PART_SIZE_BYTES: String(PART), FILES_PRESIGN_EXPIRY_SEC: '4' };
    system = await System.start({ label: 'multipart', env });
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
  });
  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const begin = (size = SIZE, fields: object = {}) =>
    client.presign(size, { filename: 'disk.img', mimeType: 'application/octet-stream', multipart: true, ...fields });
  async function begun(): Promise<string> {
    const { status, body } = await begin();
    expect(status).toBe(201);
    return body.fileId as string;
  }
  const sign = (fileId: string, partNumbers: number[], as = client) =>
    as.call('POST', `/v1/files/${fileId}/multipart/parts`, { partNumbers });
  const pieceOf = (partNumber: number, of = bytes) => of.subarray((partNumber - 1) * PART, partNumber * PART);
  const put = ({ uploadUrl, headers }: SignedPart, body: Uint8Array, more: Record<string, string> = {}) =>
    fetch(uploadUrl, { method: 'PUT', headers: { ...headers, ...more }, body: new Uint8Array(body) });
  /** Signs and sends some parts. */
  async function send(fileId: string, partNumbers: number[], of = bytes, as = client): Promise<SignedPart[]> {
    const parts = (await sign(fileId, partNumbers, as)).body.parts as SignedPart[];
    for (const part of parts) expect((await put(part, pieceOf(part.partNumber, of))).status).toBe(200);
    return parts;
  }
  const progress = (fileId: string, query = '', as = client) => as.call('GET', `/v1/files/${fileId}/multipart${query}`);
  const giveUp = (fileId: string) => client.call('DELETE', `/v1/files/${fileId}/multipart`);

  it('carries a file in parts, in any order, from two machines, to the same bytes', async () => {
    const presigned = await begin();
    const { fileId, versionId } = presigned.body;
    expect(presigned).toMatchObject({
      status: 201,
      body: { status: 'pending_scan', multipart: { partSize: PART, partCount: 3 } },
    });
    expect(presigned.body).not.toHaveProperty('uploadUrl');
    await send(fileId, [3]);
    expect((await client.confirm(fileId)).body).toMatchObject({
      code: 'UPLOAD_INCOMPLETE',
      status: 409,
      errors: [
        { pointer: '/parts/1', message: 'has not arrived' },
        { pointer: '/parts/2', message: 'has not arrived' },
      ],
    });

    // Another machine of the same tenant knows nothing but the id.
    const { caller } = client;
    const elsewhere = await system.client(caller.tenantId, undefined, caller.userId);
    const seen = await progress(fileId, '', elsewhere);
    const plan = { fileId, versionId, size: SIZE, partSize: PART, partCount: 3 };
    expect(seen.body).toEqual({
      ...plan,
      parts: [{ partNumber: 3, size: 1234, etag: expect.any(String) }],
      hasMore: false,
    });
    await send(fileId, [2, 1], bytes, elsewhere);
    expect((await progress(fileId, '?after=1&limit=1')).body).toMatchObject({
      parts: [{ partNumber: 2 }],
      hasMore: true,
    });
    expect(await elsewhere.confirm(fileId)).toMatchObject({ status: 200, body: { fileId, status: 'pending_scan' } });

    expect(await client.until(fileId, 'available')).toMatchObject({ size: SIZE, sha256: sha256(bytes) });
    const link = await client.downloadUrl(fileId);
    expect(await hashOf(link.body.url)).toEqual({ status: 200, sha256: sha256(bytes), size: SIZE });
    expect((await progress(fileId)).body).toMatchObject({ status: 409, code: 'NO_MULTIPART_UPLOAD' });
    const granted = await client.call('GET', `/v1/audit?fileId=${fileId}&action=version.part_urls_created`);
    expect((granted.body.items as { detail: object }[]).map(({ detail }) => detail)).toEqual([
      { parts: 2 },
      { parts: 1 },
    ]);
  });

  it('goes on after its URLs ran out: they are signed again', async () => {
    const fileId = await begun();
    await send(fileId, [1, 2]);
    const [late] = (await sign(fileId, [3])).body.parts as [SignedPart];
    const others = randomBytes(late.size);
    await system.eventually('the URL has run out', async () => (await put(late, others)).status === 403, 15_000);
    await send(fileId, [3]);
    expect((await client.confirm(fileId)).status).toBe(200);
    expect(await client.until(fileId, 'available')).toMatchObject({ sha256: sha256(bytes) });
  });

  it('S1 S8 takes no part of another length, none by copy, and none after the end', async () => {
    const fileId = await begun();
    const [first] = (await sign(fileId, [1])).body.parts as [SignedPart];
    expect((await put(first, pieceOf(1).subarray(1))).status).toBe(403);
    const other = await client.upload(textFile());
    const { versionId } = await client.until(other, 'available');
    const source = `/${system.store.main}/${client.caller.tenantId}/documents/${other}/${versionId as string}`;
    const copied = await put(first, pieceOf(1), { 'x-amz-copy-source': source });
    const after = (await progress(fileId)).body.parts as { size: number }[];
    expect([copied.status, after]).toEqual([403, []]);

    const [one] = await send(fileId, [1, 2, 3]);
    expect((await client.confirm(fileId)).status).toBe(200);
    expect((await put(one as SignedPart, randomBytes(PART))).status).toBe(404);
    expect(await client.until(fileId, 'available')).toMatchObject({ sha256: sha256(bytes) });
    expect((await sign(fileId, [1])).body).toMatchObject({ status: 409, code: 'NO_MULTIPART_UPLOAD' });
  });

  it('F8 twenty confirms at once have one effect and one answer', async () => {
    const fileId = await begun();
    await send(fileId, [1, 2, 3]);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.confirm(fileId)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    await client.until(fileId, 'available');
    const uploaded = await system.rows(`SELECT FROM audit_log WHERE file_id = $1 AND action = 'version.uploaded'`, [
      fileId,
    ]);
    expect(uploaded).toHaveLength(1);
  });

  it('F2 a confirm that died after putting the parts together is simply repeated', async () => {
    const fileId = await begun();
    await send(fileId, [1, 2, 3]);
    const { s3, staging: Bucket } = system.store;
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: client.caller.tenantId }));
    const upload = { Bucket, Key: Uploads?.[0]?.Key, UploadId: Uploads?.[0]?.UploadId };
    const { Parts } = await s3.send(new ListPartsCommand(upload));
    const listed = (Parts ?? []).map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: listed } }));
    expect((await client.confirm(fileId)).status).toBe(200);
    expect(await client.until(fileId, 'available')).toMatchObject({ sha256: sha256(bytes) });
  });

  const noParts = () =>
    system.eventually(
      'no part is left',
      async () => (await system.store.multiparts(client.caller.tenantId)).length === 0,
    );
  const pending = async () =>
    (
      await system.rows<{ pending: number }>('SELECT pending FROM tenant_quota WHERE tenant_id = $1', [
        client.caller.tenantId,
      ])
    )[0];

  it('M12 M29 is given up, or deleted: place and parts are free again', async () => {
    const fileId = await begun();
    await send(fileId, [1]);
    expect(await pending()).toEqual({ pending: 1 });
    expect((await giveUp(fileId)).status).toBe(204);
    expect((await client.file(fileId)).status).toBe(404);
    for (const answer of [await giveUp(fileId), await sign(fileId, [2]), await client.confirm(fileId)])
      expect(answer).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
    expect(await pending()).toEqual({ pending: 0 });
    await noParts();

    const deleted = await begun();
    await send(deleted, [1]);
    expect((await client.call('DELETE', `/v1/files/${deleted}`)).status).toBe(204);
    expect(await pending()).toEqual({ pending: 0 });
    await noParts();
  });

  it('M15 a new version comes in parts too; giving it up leaves the file as it was', async () => {
    const old = textFile();
    const fileId = await client.upload(old);
    await client.until(fileId, 'available');
    const next = { mimeType: 'application/octet-stream', size: SIZE, multipart: true };
    const version = () => client.call('POST', `/v1/files/${fileId}/versions/presign`, next);
    expect((await version()).body).toMatchObject({ fileId, multipart: { partCount: 3 } });
    await send(fileId, [1]);
    expect((await giveUp(fileId)).status).toBe(204);
    expect((await client.file(fileId)).body).toMatchObject({ status: 'available', sha256: sha256(old) });
    expect((await giveUp(fileId)).body).toMatchObject({ status: 409, code: 'NO_MULTIPART_UPLOAD' });

    expect((await version()).status).toBe(201);
    await send(fileId, [1, 2, 3]);
    expect((await client.confirm(fileId)).status).toBe(200);
    await system.eventually('the new version speaks', async () => {
      const { body } = await client.file(fileId);
      return body.sha256 === sha256(bytes);
    });
  });

  it('plans up to 5 TiB, and says so to who asks for one PUT over 5 GiB', async () => {
    const one = await client.presign(5 * GiB + 1, { filename: 'a.img', mimeType: 'application/octet-stream' });
    expect(one.body).toMatchObject({
      status: 413,
      code: 'PAYLOAD_TOO_LARGE',
      detail: expect.stringContaining('multipart: true'),
    });
    for (const [size, partCount] of [
      [5 * GiB + 1, 1025],
      [5 * 1024 * GiB, 9987],
    ] as const) {
      const { body } = await begin(size);
      expect(body).toMatchObject({ multipart: { partCount } });
      const { body: signed } = await sign(body.fileId, [1, partCount]);
      const [first, last] = signed.parts as [SignedPart, SignedPart];
      expect((partCount - 1) * first.size + last.size).toBe(size);
      expect((await giveUp(body.fileId)).status).toBe(204);
    }
    expect((await begin(5 * 1024 * GiB + 1)).body).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
    expect((await begin(11 * MiB, { mimeType: 'image/png' })).body).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('M34 refuses what makes no sense, and strangers, without a trace', async () => {
    const fileId = await begun();
    const refused: [unknown, string][] = [
      [[], '/partNumbers'],
      [[0], '/partNumbers/0'],
      [[4], '/partNumbers'],
      [[1, 1], '/partNumbers'],
      [Array.from({ length: 1001 }, (_, at) => at + 1), '/partNumbers'],
      ['1', '/partNumbers'],
    ];
    for (const [partNumbers, pointer] of refused)
      expect(await client.call('POST', `/v1/files/${fileId}/multipart/parts`, { partNumbers })).toMatchObject({
        status: 400,
        body: { code: 'validation-error', errors: [{ pointer }] },
      });
    expect((await progress(fileId, '?after=x')).status).toBe(400);
    const stranger = await system.client();
    const single = (await client.presign(10)).body.fileId as string;
    const answers: Answer[] = [
      await sign(fileId, [1], stranger),
      await stranger.call('POST', `/v1/files/${fileId}/multipart/parts`, 'nonsense'),
      await progress(fileId, '', stranger),
      await sign(randomUUID(), [1]),
    ];
    for (const answer of answers) expect(answer).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
    for (const answer of [await sign(single, [1]), await progress(single), await giveUp(single)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'NO_MULTIPART_UPLOAD' } });
    expect((await giveUp(fileId)).status).toBe(204);
  });
});
