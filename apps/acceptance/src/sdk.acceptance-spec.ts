import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCustody, FileState, isCustodyError, type Custody, type UploadProgress } from '@custody/sdk';
import { FaultProxy, stackEnv, type Fault } from '@custody/testing';
import { claimsOf, type Client } from './harness/client.js';
import { checkSystem } from './harness/invariants.js';
import { eicar, sha256, textFile } from './harness/samples.js';
import { System } from './harness/system.js';

const MiB = 1024 ** 2;
const PART = 5 * MiB;
const SIZE = 3 * PART + 1234;

describe('M43 the SDK in Node', () => {
  let system: System;
  let proxy: FaultProxy;
  let client: Client;
  let custody: Custody;
  let folder: string;
  let state: FileState;
  const bytes = randomBytes(SIZE);

  beforeAll(async () => {
    const { hostname, port } = new URL(stackEnv('S3_PUBLIC_ENDPOINT'));
    proxy = await FaultProxy.listen({ host: hostname, port: Number(port) });
    const env = {
      FILES_PART_SIZE_BYTES: String(PART),
      FILES_PRESIGN_EXPIRY_SEC: '2',
      S3_PUBLIC_ENDPOINT: `http://127.0.0.1:${proxy.port}`,
    };
    [system, folder] = await Promise.all([
      System.start({ label: 'sdk', apps: ['files-api', 'scan-worker'], env }),
      mkdtemp(join(tmpdir(), 'custody-sdk-')),
    ]);
    client = await system.client();
    state = new FileState(join(folder, 'state'));
    custody = createCustody({ url: system.apiUrl, token: client.caller.token, state });
  }, 120_000);
  afterEach(() => {
    proxy.fault = { kind: 'none' };
  });

  /** Connections that are kept alive would not know of it. */
  async function failing(fault: Fault): Promise<void> {
    proxy.resetAll();
    await system.eventually('no connection is left', async () => proxy.open === 0);
    proxy.fault = fault;
  }

  afterAll(async () => {
    expect(await checkSystem(system)).toEqual([]);
    await system.stop();
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  async function onDisk(content: Uint8Array, name = `${randomUUID()}.bin`): Promise<string> {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  }

  it('carries a small file in one PUT and a large one in parts, and says when they are available', async () => {
    const seen: UploadProgress[] = [];
    const small = textFile();
    const note = await custody.files.upload(await onDisk(small, 'note.txt'), { metadata: { case: 'A-1' } });
    const large = await custody.files.upload(await onDisk(bytes, 'disk.img'), {
      multipartFrom: PART,
      onProgress: (progress) => seen.push(progress),
    });
    const [first, second] = await Promise.all(
      [note, large].map(({ fileId }) => custody.waitForScan(fileId, { timeoutMs: 30_000 })),
    );
    expect(first).toMatchObject({ status: 'available', mimeType: 'text/plain', sha256: sha256(small) });
    expect(second).toMatchObject({ status: 'available', filename: 'disk.img', size: SIZE, sha256: sha256(bytes) });
    const parts = await client.call('GET', `/v1/audit?fileId=${large.fileId}&action=version.part_urls_created`);
    expect(parts.body.items).toHaveLength(1);

    expect(seen.map(({ phase }) => phase)).toEqual(
      expect.arrayContaining(['preparing', 'uploading', 'confirming', 'done']),
    );
    expect(seen.at(-1)).toMatchObject({ phase: 'done', loaded: SIZE, total: SIZE, fileId: large.fileId });
    expect(await state.list()).toEqual([]);

    const download = await custody.files.download(large.fileId);
    expect([download.size, sha256(await download.bytes())]).toEqual([SIZE, sha256(bytes)]);
    const rest = await custody.files.download(large.fileId, { from: SIZE - 10, etag: download.etag });
    expect(Buffer.from(await rest.bytes())).toEqual(bytes.subarray(-10));
    const { url } = await custody.files.downloadUrl(note.fileId, { expiresIn: 60 });
    expect(await (await fetch(url)).text()).toBe(small.toString());
  });

  it('a connection that is cut costs at most one part a lane', async () => {
    const path = await onDisk(bytes);
    const before = proxy.passed.toServer;
    await failing({ kind: 'reset', direction: 'toServer', afterBytes: 3 * MiB });
    const waits: unknown[] = [];
    const onProgress = ({ phase, error }: UploadProgress) => {
      if (phase !== 'waiting') return;
      waits.push(error?.code);
      proxy.fault = { kind: 'none' };
    };
    const { fileId } = await custody.files.upload(path, { multipartFrom: PART, lanes: 2, onProgress });
    expect(waits).toContain('NETWORK_ERROR');
    const sent = proxy.passed.toServer - before;
    expect(sent).toBeGreaterThan(SIZE + 2 * MiB);
    expect(sent).toBeLessThan(SIZE + 2 * PART);
    expect(await custody.waitForScan(fileId, { timeoutMs: 30_000 })).toMatchObject({ sha256: sha256(bytes) });
  });

  it('URLs that run out on the way are signed again', async () => {
    // 5 MiB in pieces of 64 KiB, each 30 ms late: a part takes longer than its URL lives.
    await failing({ kind: 'delay', ms: 30 });
    const { fileId } = await custody.files.upload(await onDisk(bytes.subarray(0, 2 * PART)), {
      multipartFrom: PART,
      lanes: 1,
    });
    const signed = await client.call('GET', `/v1/audit?fileId=${fileId}&action=version.part_urls_created`);
    expect(signed.body.items.length).toBeGreaterThan(1);
    expect(await custody.waitForScan(fileId)).toMatchObject({ status: 'available' });
  });

  it('waits while the service is away, and asks for a new token once it refuses the old one', async () => {
    const { tenantId, userId } = client.caller;
    const claims = claimsOf(system.issuer, undefined, tenantId, userId);
    const old = await system.issuer.sign({ ...claims, exp: claims.iat - 60 });
    let asked = 0;
    const token = async () => (asked++ === 0 ? old : client.caller.token);
    const away = await FaultProxy.listen({ host: '127.0.0.1', port: Number(new URL(system.apiUrl).port) });
    away.fault = { kind: 'refuse' };
    const patient = createCustody({ url: `http://127.0.0.1:${away.port}`, token, state });
    const phases: string[] = [];
    const upload = patient.files.upload(textFile(), {
      filename: 'late.txt',
      mimeType: 'text/plain',
      onProgress: ({ phase }) => phases.push(phase),
    });
    await system.eventually('it waits', async () => phases.includes('waiting'));
    away.fault = { kind: 'none' };
    const { fileId } = await upload;
    expect(asked).toBe(2);
    expect(await patient.waitForScan(fileId, { timeoutMs: 30_000 })).toMatchObject({ status: 'available' });
    await away.close();
  });

  it('pauses, goes on, and gives up', async () => {
    const path = await onDisk(bytes);
    await failing({ kind: 'delay', ms: 10 });
    const upload = custody.files.upload(path, { multipartFrom: PART, lanes: 1 });
    await system.eventually('a part is there', async () => upload.progress.loaded > PART + MiB);
    upload.pause();
    const { fileId = '' } = upload.progress;
    const arrived = async () =>
      (await client.call('GET', `/v1/files/${fileId}/multipart`)).body.parts?.length as number;
    await system.eventually('it is paused', async () => upload.progress.phase === 'paused' && proxy.open === 0);
    expect([await arrived(), upload.progress.loaded]).toEqual([1, PART]);
    upload.resume();
    await system.eventually('the next part is there', async () => (await arrived()) > 1);
    expect(await custody.files.unfinished()).toMatchObject([{ fileId, filename: path.split('/').at(-1), size: SIZE }]);
    await upload.cancel();
    await expect(upload).rejects.toMatchObject({ name: 'AbortError' });
    expect((await client.file(fileId)).status).toBe(404);
    expect(await custody.files.unfinished()).toEqual([]);
  });

  it('an ended run is gone on with, here by the file and elsewhere by its id', async () => {
    const path = await onDisk(bytes);
    await failing({ kind: 'delay', ms: 10 });
    const begin = async (how: object) => {
      const end = new AbortController();
      const upload = custody.files.upload(path, { multipartFrom: PART, lanes: 1, signal: end.signal, ...how });
      const loaded = upload.progress.loaded;
      await system.eventually('a part is there', async () => upload.progress.loaded > loaded + PART + MiB);
      end.abort(new Error('enough for today'));
      await expect(upload).rejects.toThrow('enough for today');
      return upload.progress.fileId;
    };
    const fileId = await begin({});
    await failing({ kind: 'none' });
    const before = proxy.passed.toServer;
    const elsewhere = createCustody({
      url: system.apiUrl,
      token: client.caller.token,
      state: new FileState(join(folder, 'other')),
    });
    const other = await onDisk(bytes.subarray(1));
    await expect(elsewhere.files.upload(other, { fileId })).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    const result = await custody.files.upload(path, { multipartFrom: PART });
    expect(result).toMatchObject({ fileId, resumedFrom: PART });
    expect(proxy.passed.toServer - before).toBeLessThan(SIZE - PART + MiB);
    await expect(elsewhere.files.upload(path, { fileId })).rejects.toMatchObject({ code: 'NO_MULTIPART_UPLOAD' });
    expect(await custody.waitForScan(result.fileId)).toMatchObject({ sha256: sha256(bytes) });
  });

  it('a refused file has its reason, an error its code', async () => {
    const infected = await custody.files.upload(eicar(), { filename: 'a.txt', mimeType: 'text/plain' });
    expect(await custody.waitForScan(infected.fileId)).toMatchObject({ status: 'rejected', rejectReason: 'infected' });
    const mislabelled = custody.files.upload(textFile(), { filename: 'a.png', mimeType: 'image/png' });
    await expect(mislabelled).rejects.toMatchObject({ name: 'CustodyError', code: 'MIME_TYPE_MISMATCH', status: 422 });
    const stranger = await system.client();
    const theirs = createCustody({ url: system.apiUrl, token: stranger.caller.token });
    const error: unknown = await theirs.files.metadata(infected.fileId).catch((reason: unknown) => reason);
    expect(isCustodyError(error, 'FILE_NOT_FOUND')).toBe(true);
    const late = custody.waitForScan((await client.presign(1)).body.fileId, { timeoutMs: 200 });
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('lists across pages; folders, subjects and versions', async () => {
    const tenant = await system.client();
    const mine = createCustody({ url: system.apiUrl, token: tenant.caller.token });
    const cases = await mine.folders.create({ name: 'cases' });
    const inner = await mine.folders.create({ name: 'A-1', parentId: cases.folderId });
    const subject = { type: 'case', id: 'A/1:ü' };
    const uploads = await Promise.all(
      [1, 2, 3].map((n) =>
        mine.files.upload(textFile(), {
          filename: `${n}.txt`,
          mimeType: 'text/plain',
          folderId: inner.folderId,
          subject,
        }),
      ),
    );
    const fileId = uploads[0]?.fileId ?? '';
    const first = await mine.waitForScan(fileId);
    const ids = (await mine.files.list({ folder: inner.folderId, limit: 2 }).all()).map((file) => file.fileId);
    expect(ids.sort()).toEqual(uploads.map((upload) => upload.fileId).sort());
    expect(await mine.files.list({ limit: 2 }).page()).toMatchObject({ hasMore: true });
    expect((await mine.subjects.files(subject, { limit: 1 }).all()).length).toBe(3);
    await mine.subjects.unlink(fileId, subject);
    expect((await mine.subjects.files(subject).all()).length).toBe(2);
    expect(await mine.folders.list(cases.folderId).all()).toMatchObject([{ name: 'A-1', path: '/cases/A-1' }]);

    const newer = await mine.files.upload(Buffer.from('second'), { versionOf: fileId, mimeType: 'text/plain' });
    expect(newer.fileId).toBe(fileId);
    const second = await mine.waitForScan(fileId, { versionId: newer.versionId });
    expect(second).toMatchObject({ versionId: newer.versionId, status: 'available', size: 6 });
    expect((await mine.versions.list(fileId).all()).map(({ current }) => current)).toEqual([true, false]);
    expect(await mine.versions.restore(fileId, first.versionId)).toMatchObject({ versionId: first.versionId });

    const { etag } = await mine.files.metadata(fileId);
    const renamed = await mine.files.update(fileId, { filename: 'lease.txt' }, { ifMatch: etag });
    expect(renamed.filename).toBe('lease.txt');
    const stale = mine.files.update(fileId, { filename: 'other.txt' }, { ifMatch: etag });
    await expect(stale).rejects.toMatchObject({ code: 'PRECONDITION_FAILED' });
    await mine.files.delete(fileId);
    expect(await mine.files.restore(fileId)).toMatchObject({ fileId, filename: 'lease.txt' });
  });
});
