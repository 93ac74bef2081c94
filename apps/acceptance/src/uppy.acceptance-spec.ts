import { randomBytes, randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Browser } from './harness/browser.js';
import { claimsOf, Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { pngFile, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';
import { bytesOf, loadUppy, postForm, UppyDoors, uploadWithUppy, type UppyMajor } from './harness/uppy.js';
import { hashOf } from './harness/transfer.js';

// A browser beside everything else on a small machine.
jest.setTimeout(60_000);
const MiB = 1024 ** 2;
const PART = 5 * MiB;
const BUCKET = { bucket: 'documents' };
const fileIdIn = (key: string) => key.split('/').at(-2) ?? '';

describe('uploads with Uppy', () => {
  let system: System;
  let browser: Browser;
  let origins: Awaited<ReturnType<typeof Browser.originsAt>>;
  let client: Client;
  let doors: UppyDoors;

  beforeAll(async () => {
    origins = await Browser.originsAt();
    [system, browser] = await Promise.all([
      // No reaper: what nobody confirms comes by the event of the store (M23).
      System.start({
        label: 'uppy',
        apps: ['files-api', 'scan-worker'],
        env: { CORS_ORIGINS: origins.listed },
        storeEvents: true,
      }),
      Browser.start(origins),
    ]);
  }, 120_000);
  beforeEach(async () => {
    client = await system.client();
    doors = new UppyDoors(client);
  });
  afterAll(async () => {
    await browser.stop();
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
  });

  const nobody = () => new Client(system.apiUrl, { tenantId: '', userId: '', token: '' });
  async function begun(metadata: object = BUCKET): Promise<string> {
    const { status, body } = await doors.create(metadata);
    expect(status).toBe(201);
    return body.uploadId as string;
  }
  const token = async (body: object = {}, as = client) => as.call('POST', '/v1/uploads/tokens', body);
  const underToken = (text: string) => new UppyDoors(nobody(), `/uppy/t/${text}`);

  describe.each([5, 6] as const)('@uppy/aws-s3 %i in Chromium', (major: UppyMajor) => {
    it('item 5 uploads in one piece and, paused and resumed, in parts: available with the same bytes', async () => {
      const page = await browser.open('listed');
      expect(await loadUppy(page, major)).toMatch(new RegExp(`^${major}\\.`));
      const { token: bearer } = client.caller;
      const { endpoint } = (await token()).body;
      const plugin =
        major === 5
          ? { endpoint: `${system.apiUrl}/uppy`, headers: { authorization: `Bearer ${bearer}` } }
          : { companionEndpoint: endpoint };
      const folder = await client.call('POST', '/v1/folders', { name: 'Evidence' });
      const meta = { ...BUCKET, folderId: folder.body.id ?? folder.body.folderId, caption: 'The hall' };
      const small = { name: 'a small one.txt', type: 'text/plain', size: 1_000, seed: 65, meta };
      const large = { name: 'disk.img', type: 'application/octet-stream', size: 12 * MiB + 5, seed: major, meta };

      for (const [file, pause] of [
        [small, false],
        [large, true],
      ] as const) {
        const result = await uploadWithUppy(page, { plugin, file, pause });
        expect(result).toMatchObject({ failed: [], pauses: pause ? 1 : 0 });
        expect(result.progress).toBeGreaterThan(0);
        const fileId = fileIdIn(result.body?.key ?? new URL(result.uploadURL).pathname);
        const expected = { size: file.size, filename: file.name, sha256: sha256(bytesOf(file)), bucket: 'documents' };
        expect(await client.until(fileId, 'available')).toMatchObject({
          ...expected,
          folderId: meta.folderId as string,
          metadata: { caption: 'The hall' },
        });
        const link = await client.downloadUrl(fileId);
        expect(await hashOf(link.body.url)).toMatchObject({ sha256: expected.sha256, size: file.size });
        if (pause) expect(result.body?.location).toBe(`${system.apiUrl}/v1/files/${fileId}`);
      }
    });
  });

  it('item 5 an upload that outlives its token goes on under another one', async () => {
    const page = await browser.open('listed');
    await loadUppy(page, 6);
    const [first, second] = [(await token({ expiresIn: 2 })).body, (await token()).body];
    const result = await uploadWithUppy(page, {
      plugin: { companionEndpoint: first.endpoint },
      file: { name: 'a.img', type: '', size: 12 * MiB, seed: 9, meta: BUCKET },
      pause: true,
      renewed: { companionEndpoint: second.endpoint },
    });
    // No part twice: the store had listed what was there.
    expect(result).toMatchObject({ failed: [], failures: 1, parts: 3 });
    const file = await client.until(fileIdIn(result.body?.key ?? ''), 'available');
    expect(file).toMatchObject({ sha256: sha256(bytesOf({ size: 12 * MiB, seed: 9 })) });
  });

  it('S1 S2 M23 a form takes its key, its type and a length within its limit, and needs no confirm', async () => {
    const bytes = textFile();
    const { status, headers, body } = await doors.params('note.txt', 'text/plain', { ...BUCKET, relativePath: 'null' });
    expect([status, headers.get('cache-control'), body.method]).toEqual([200, 'no-store', 'POST']);
    expect(Object.keys(body as object)).toEqual(['method', 'url', 'fields', 'expires']);
    const refused = [
      await postForm(body, bytes, { 'Content-Type': 'text/html' }),
      await postForm(body, bytes, { key: `${client.caller.tenantId}/staging/${randomUUID()}/${randomUUID()}` }),
      await postForm(body, bytes, { acl: 'public-read' }),
      await postForm(body, Buffer.alloc(0)),
    ].map((answer) => answer.status);
    expect(refused).toEqual([403, 403, 403, 400]);
    const fileId = fileIdIn(body.fields.key);
    expect((await client.file(fileId)).body).toMatchObject({ stage: 'awaiting_upload', size: 0, metadata: {} });
    expect((await postForm(body, bytes)).status).toBe(201);
    expect(await client.until(fileId, 'available')).toMatchObject({ size: bytes.length, sha256: sha256(bytes) });
    // S5: a second one leaves what was scanned as it is. (Ceph answers 404 while it deletes versions of that key.)
    const gone = async () => (await system.store.stagingVersions(body.fields.key)).length === 0;
    await system.eventually('staging is cleared', gone);
    expect((await postForm(body, textFile())).status).toBe(201);
    expect((await client.file(fileId)).body).toMatchObject({ status: 'available', sha256: sha256(bytes) });

    const exact = (await doors.params('a.txt', 'text/plain', { ...BUCKET, size: String(bytes.length) })).body;
    const lengths = [bytes.subarray(1), Buffer.concat([bytes, Buffer.from('x')]), bytes];
    const answers = await Promise.all(lengths.map(async (some) => (await postForm(exact, some)).status));
    expect(answers).toEqual([400, 400, 201]);
    const picture = (await doors.params('a.png', 'image/png', BUCKET)).body;
    const tooLong = Buffer.concat([pngFile(), Buffer.alloc(10 * MiB)]);
    expect((await postForm(picture, tooLong)).status).toBe(400);
  });

  it('S1 a PUT of declared size takes no other; of one that nobody declared, no more than the limit becomes a file', async () => {
    const bytes = textFile();
    const put = async (some: Uint8Array, type: string, metadata: Record<string, string>) => {
      const { body } = await doors.params('a', type, { ...BUCKET, ...metadata }, 'application/json');
      expect(body).toMatchObject({
        method: 'PUT',
        fields: {},
        headers: { 'content-type': type, 'if-none-match': '*' },
      });
      const { status } = await fetch(body.url, { method: 'PUT', headers: body.headers, body: new Uint8Array(some) });
      return { status, fileId: fileIdIn(new URL(body.url).pathname) };
    };
    expect((await put(bytes.subarray(1), 'text/plain', { size: String(bytes.length) })).status).toBe(403);
    const honest = await put(bytes, 'text/plain', {});
    expect(await client.until(honest.fileId, 'available')).toMatchObject({ sha256: sha256(bytes) });
    const tooLong = await put(Buffer.concat([pngFile(), Buffer.alloc(10 * MiB)]), 'image/png', {});
    expect([honest.status, tooLong.status]).toEqual([200, 200]);
    expect(await client.until(tooLong.fileId, 'rejected')).toMatchObject({ rejectReason: 'size_mismatch' });
    const empty = await put(Buffer.alloc(0), 'text/plain', {});
    expect(await client.until(empty.fileId, 'rejected')).toMatchObject({ rejectReason: 'size_mismatch' });
  });

  it('M6 parts of any length are listed, compared with what the client names, and put together once', async () => {
    const bytes = randomBytes(2 * PART + 4_321);
    const cuts = [bytes.subarray(0, PART + 7), bytes.subarray(PART + 7, 2 * PART + 20), bytes.subarray(2 * PART + 20)];
    const subject = `case:${randomUUID()}`;
    const metadata = {
      ...BUCKET,
      name: 'Hall.img',
      subject,
      metadata: '{"externalId":"A-1"}',
      note: 'x',
      size: 'null',
    };
    const { body } = await doors.create(metadata);
    const { key, uploadId } = body;
    const fileId = fileIdIn(key);
    const etags: string[] = [];
    for (const [at, cut] of cuts.entries()) etags.push(await doors.send(uploadId, at + 1, cut));
    const listed = cuts.map((cut, at) => ({ PartNumber: at + 1, Size: cut.length, ETag: etags[at] }));
    expect((await doors.list(uploadId)).body).toEqual(listed);

    const [one, two, three] = listed as [object, object, object];
    const wrong: [unknown, number, string][] = [
      [{}, 400, 'validation-error'],
      [{ parts: [] }, 400, 'validation-error'],
      [{ parts: [one, two] }, 409, 'UPLOAD_INCOMPLETE'],
      [{ parts: [one, three, two] }, 409, 'UPLOAD_INCOMPLETE'],
      [{ parts: [one, two, { ...three, ETag: 'other' }] }, 409, 'UPLOAD_INCOMPLETE'],
      [{ parts: [one, two, three, { PartNumber: 4, ETag: 'x' }] }, 409, 'UPLOAD_INCOMPLETE'],
    ];
    for (const [said, status, code] of wrong) {
      const answer = await doors.complete(uploadId, said);
      expect(answer).toMatchObject({ status, body: { code, message: answer.body.detail as string } });
    }
    // At the other doors it has no plan to go by.
    const rest = [await client.call('GET', `/v1/files/${fileId}/multipart`), await client.confirm(fileId)];
    expect(rest.map((answer) => answer.body.code as string)).toEqual(['NO_MULTIPART_UPLOAD', 'UPLOAD_INCOMPLETE']);

    const bare = listed.map(({ PartNumber, ETag }, at) => ({
      PartNumber: at === 0 ? String(PartNumber) : PartNumber,
      ETag: at === 1 ? ETag?.replaceAll('"', '') : ETag,
    }));
    const location = `${system.apiUrl}/v1/files/${fileId}`;
    for (let time = 0; time < 2; time += 1)
      expect(await doors.complete(uploadId, { parts: bare })).toMatchObject({
        status: 200,
        body: { location, key, fileId },
      });
    const file = await client.until(fileId, 'available');
    expect(file).toMatchObject({ filename: 'Hall.img', sha256: sha256(bytes), size: bytes.length });
    expect(file).toMatchObject({ metadata: { externalId: 'A-1', note: 'x' }, subjects: [{ type: 'case' }] });
    for (const answer of [await doors.sign(uploadId, 1), await doors.list(uploadId), await doors.abort(uploadId)])
      expect(answer).toMatchObject({ status: 409, body: { code: 'NO_MULTIPART_UPLOAD' } });
  });

  it('M9 S1 parts over the limit, or not of the declared size, are never put together', async () => {
    const { body } = await doors.create(BUCKET, 'image/png', 'a.png');
    const six = randomBytes(6 * MiB);
    const etags = [await doors.send(body.uploadId, 1, six), await doors.send(body.uploadId, 2, six)];
    for (const part of [0, 3, 'x']) expect((await doors.sign(body.uploadId, part)).status).toBe(400);
    const parts = etags.map((ETag, at) => ({ PartNumber: at + 1, ETag }));
    expect(await doors.complete(body.uploadId, { parts })).toMatchObject({ status: 413 });
    expect((await client.file(fileIdIn(body.key))).status).toBe(404);
    await system.eventually('no part is left', async () => {
      return (await system.store.multiparts(client.caller.tenantId)).length === 0;
    });

    const declared = await begun({ ...BUCKET, size: 10 });
    const named = { parts: [{ PartNumber: 1, ETag: await doors.send(declared, 1, Buffer.from('eleven byte')) }] };
    expect((await doors.complete(declared, named)).body).toMatchObject({ code: 'UPLOAD_INCOMPLETE' });
    expect(await doors.abort(declared)).toMatchObject({ status: 200, body: {} });
    for (const answer of [
      await doors.sign(declared, 1),
      await doors.complete(declared, named),
      await doors.abort(declared),
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
    expect((await doors.create({ ...BUCKET, size: 11 * MiB }, 'image/png')).status).toBe(413);
  });

  it('takes 10,000 named parts, over 1 MB, and no longer body', async () => {
    const uploadId = await begun();
    const parts = Array.from({ length: 10_000 }, (_, at) => ({ PartNumber: at + 1, ETag: `"${'a'.repeat(90)}"` }));
    expect(Buffer.byteLength(JSON.stringify({ parts }))).toBeGreaterThan(1.1 * MiB);
    expect(await doors.complete(uploadId, { parts })).toMatchObject({
      status: 409,
      body: { code: 'UPLOAD_INCOMPLETE' },
    });
    const more = { parts, filler: 'x'.repeat(MiB) };
    expect(await doors.complete(uploadId, more)).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } });
  });

  it('M15 a fileId makes a new version; the metadata of presign is judged as there', async () => {
    const fileId = await client.upload(textFile());
    await client.until(fileId, 'available');
    const next = textFile();
    const { body } = await doors.params('note.txt', 'text/plain', { fileId });
    expect(fileIdIn(body.fields.key)).toBe(fileId);
    expect((await postForm(body, next)).status).toBe(201);
    await system.eventually('the new version speaks', async () => {
      return (await client.file(fileId)).body.sha256 === sha256(next);
    });
    const refused: [Record<string, string>, number, string][] = [
      [{}, 400, '/metadata/bucket'],
      [{ bucket: 'elsewhere' }, 400, '/metadata/bucket'],
      [{ ...BUCKET, size: 'many' }, 400, '/metadata/size'],
      [{ ...BUCKET, subject: 'nobody' }, 400, '/metadata/subject'],
      [{ ...BUCKET, folderId: randomUUID() }, 404, ''],
      [{ fileId: randomUUID() }, 404, ''],
    ];
    for (const [metadata, status, pointer] of refused) {
      const answer = await doors.params('a', 'text/plain', metadata);
      expect([answer.status, answer.body.errors[0]?.pointer ?? '']).toEqual([status, pointer]);
    }
  });

  it('M34 an upload of another tenant is absent, whatever key is sent', async () => {
    const uploadId = await begun();
    const strange = new UppyDoors(await system.client());
    for (const answer of [
      ...[await strange.list(uploadId), await strange.sign(uploadId, 1), await strange.abort(uploadId)],
      ...[await strange.complete(uploadId, {}), await doors.list('nonsense'), await doors.sign(randomUUID(), 1)],
    ])
      expect(answer).toMatchObject({ status: 404, body: { code: 'FILE_NOT_FOUND' } });
    expect(new URL((await doors.sign(uploadId, 1)).body.url).pathname).toContain(client.caller.tenantId);
    expect((await doors.abort(uploadId)).status).toBe(200);
  });

  it('S28 S35 an upload token uploads, within its bounds and for its time, and opens no other door', async () => {
    const folderId = (await client.call('POST', '/v1/folders', { name: 'In' })).body.folderId as string;
    const bound = (await token({ bucket: 'assets', folderId })).body;
    expect(bound.endpoint).toBe(`${system.apiUrl}/uppy/t/${bound.token}`);
    const under = underToken(bound.token);
    const made = await under.create({ secretPlan: 'aside' });
    const fileId = fileIdIn(made.body.key);
    expect((await client.file(fileId)).body).toMatchObject({
      bucket: 'assets',
      folderId,
      uploadedBy: client.caller.userId,
    });
    for (const metadata of [BUCKET, { folderId: randomUUID() }, { fileId }])
      expect(await under.create(metadata)).toMatchObject({ status: 403, body: { code: 'UPLOAD_OUT_OF_BOUNDS' } });
    expect((await under.abort(made.body.uploadId)).status).toBe(200);
    expect((await token({ folderId: randomUUID() })).body.code).toBe('FOLDER_NOT_FOUND');

    const asBearer = new Client(system.apiUrl, { ...client.caller, token: bound.token });
    const short = (await token({ expiresIn: 1 })).body.token as string;
    const foreign = await system.issuer.sign(claimsOf(system.issuer));
    const [head, payload, signature] = (bound.token as string).split('.') as [string, string, string];
    const forged = [head, payload, signature.split('').reverse().join('')].join('.');
    expect((await asBearer.call('GET', '/v1/files')).status).toBe(401);
    expect((await asBearer.call('GET', '/uppy/s3/params')).status).toBe(401);
    await system.eventually('the token has expired', async () => (await underToken(short).create({})).status === 401);
    for (const bad of [short, forged, foreign, 'x'])
      expect(await underToken(bad).create(BUCKET)).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });

    const { body } = await client.call('GET', '/v1/audit?action=upload_token.created');
    expect(body.items).toHaveLength(2);
    expect(body.items[1].detail).toMatchObject({ bucket: 'assets', folderId, tokenId: expect.any(String) });
    await under.params('Witness list.txt', 'text/plain', {});
    const { output } = system.running('files-api');
    expect(output).toContain('/uppy/t/[redacted]/s3/params');
    expect([signature, payload, 'Witness'].filter((secret) => output.includes(secret))).toEqual([]);
    expect(JSON.stringify(body)).not.toContain(signature);
  });
});
