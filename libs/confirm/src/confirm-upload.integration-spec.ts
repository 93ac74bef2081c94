import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { JOBS } from '@custody/contracts';
import { DataModule, UploadsRepository, type NewUpload, type StepContext } from '@custody/data';
import { newId, stagingKey, type FileId, type TenantId } from '@custody/domain';
import { QueuesModule } from '@custody/queues';
import { ObjectStore, StorageModule } from '@custody/storage';
import {
  eventually,
  FaultProxy,
  freshDatabase,
  stackEnv,
  stackStore,
  uploadRecord,
  userContext,
  type FreshDatabase,
} from '@custody/testing';
import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ConfirmModule, ConfirmUpload, OutboxPublisherModule } from './index.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');

/** The parts as a process puts them together; everything real. */
function processWith(database: FreshDatabase, redisUrl: string, store = stackStore('api')) {
  @Module({
    imports: [
      DataModule.forRootAsync({
        inject: [],
        useFactory: () => ({ url: database.appUrl, poolMax: 8, applicationName: 'test' }),
      }),
      StorageModule.forRootAsync({ useFactory: () => store }),
      QueuesModule.forRootAsync({
        catalogue: JOBS,
        useFactory: () => ({ url: redisUrl, prefix: `test-${randomUUID()}`, commandTimeoutMs: 500 }),
      }),
      OutboxPublisherModule,
      ConfirmModule,
    ],
  })
  class ProcessModule {}
  return NestFactory.createApplicationContext(ProcessModule, { logger: false });
}

describe('ConfirmUpload', () => {
  let database: FreshDatabase;
  let app: INestApplicationContext;
  let uploads: UploadsRepository;
  let store: ObjectStore;
  let confirm: ConfirmUpload;
  let context: StepContext;
  const keys: string[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    app = await processWith(database, stackEnv('REDIS_URL'));
    uploads = app.get(UploadsRepository);
    store = app.get(ObjectStore);
    confirm = app.get(ConfirmUpload);
  });
  beforeEach(() => {
    context = userContext();
  });
  afterAll(async () => {
    await Promise.all(keys.map((key) => store.deleteStaging(key)));
    await app.close();
    await database.drop();
  });

  async function initiate(change: Partial<NewUpload> = {}): Promise<NewUpload> {
    const upload = uploadRecord({ size: PDF.length, ...change });
    await uploads.createPending(context, upload, 100);
    return upload;
  }

  async function put(upload: NewUpload, bytes: Buffer): Promise<string> {
    const key = stagingKey({ ...upload, tenantId: context.tenantId });
    keys.push(key);
    const stored = await store.putStream(key, Readable.from([bytes]), { contentType: upload.mimeType });
    return stored.versionId;
  }

  const run = (upload: NewUpload) => confirm.execute(context, upload.fileId, null);
  const outbox = (upload: NewUpload) =>
    database.query<{ type: string }>('SELECT type FROM outbox WHERE version_id = $1', [upload.versionId]);

  it('pins exactly the version that was there, and says the same again', async () => {
    const upload = await initiate();
    const pinned = await put(upload, PDF);
    expect(await run(upload)).toEqual({ fileId: upload.fileId, versionId: upload.versionId, state: 'uploaded' });
    await put(upload, Buffer.from('%PDF-overwritten-later-on'));
    expect(await run(upload)).toMatchObject({ state: 'uploaded' });
    expect(await uploads.find(context, upload.fileId, null)).toMatchObject({
      storeVersion: pinned,
      size: PDF.length,
      sniffedMimeType: 'application/pdf',
    });
    expect(await outbox(upload)).toEqual([{ type: 'scan.requested' }]);
  });

  it('F8 answers 50 parallel confirms alike, with one effect', async () => {
    const upload = await initiate();
    await put(upload, PDF);
    const answers = await Promise.all(Array.from({ length: 50 }, () => run(upload)));
    expect(new Set(answers.map(({ state }) => state))).toEqual(new Set(['uploaded']));
    expect(await outbox(upload)).toHaveLength(1);
  });

  it.each([
    ['before the store is asked', (proxy: FaultProxy) => proxy.accepted > 0],
    ['after the store has answered', (proxy: FaultProxy) => proxy.passed.toClient > 0],
  ])('F8 answers alike when a faster one got so far that the bytes are gone, %s', async (_, isThere) => {
    const upload = await initiate();
    await put(upload, PDF);
    const endpoint = new URL(stackEnv('S3_ENDPOINT'));
    const proxy = await FaultProxy.listen({ host: endpoint.hostname, port: Number(endpoint.port) });
    proxy.fault = { kind: 'delay', ms: 1_000 };
    const options = { ...stackStore('api'), endpoint: `http://127.0.0.1:${proxy.port}` };
    const slow = await processWith(database, stackEnv('REDIS_URL'), options);
    try {
      const slower = slow.get(ConfirmUpload).execute(context, upload.fileId, null);
      await eventually('the slower one is on its way', () => isThere(proxy));
      expect(await run(upload)).toMatchObject({ state: 'uploaded' });
      await store.deleteStaging(stagingKey({ ...upload, tenantId: context.tenantId }));
      expect(await slower).toMatchObject({ versionId: upload.versionId, state: 'uploaded' });
    } finally {
      await slow.close();
      await proxy.close();
    }
  });

  it('waits for bytes without ending anything', async () => {
    const upload = await initiate();
    await expect(run(upload)).rejects.toMatchObject({ code: 'UPLOAD_NOT_FOUND' });
    expect(await uploads.find(context, upload.fileId, null)).toMatchObject({ state: 'awaiting_upload' });
  });

  it.each([
    [
      'other bytes than declared',
      Buffer.from('\x89PNG\r\n\x1a\n'.padEnd(PDF.length, '\0'), 'latin1'),
      'MIME_TYPE_MISMATCH',
      'mime_mismatch',
    ],
    ['fewer bytes than declared', PDF.subarray(1), 'SIZE_MISMATCH', 'size_mismatch'],
    ['no bytes', Buffer.alloc(0), 'EMPTY_FILE', 'size_mismatch'],
  ])('M10 S16 rejects %s, and repeats the refusal', async (_, bytes, code, rejectReason) => {
    const upload = await initiate();
    await put(upload, bytes);
    const first = await run(upload).catch((error: unknown) => error);
    expect(first).toMatchObject({ code });
    expect(await run(upload).catch((error: unknown) => error)).toMatchObject({
      code,
      message: (first as Error).message,
    });
    expect(await uploads.find(context, upload.fileId, null)).toMatchObject({ state: 'rejected', rejectReason });
    expect(await uploads.countPending(context)).toBe(0);
  });

  it('M34 knows nothing of another tenant or of an absent file', async () => {
    const upload = await initiate();
    await put(upload, PDF);
    const stranger = { ...context, tenantId: newId<TenantId>() };
    const refused = { code: 'FILE_NOT_FOUND' };
    await expect(confirm.execute(stranger, upload.fileId, null)).rejects.toMatchObject(refused);
    await expect(confirm.execute(context, newId<FileId>(), null)).rejects.toMatchObject(refused);
  });

  it('F5 confirms while Redis is away, F12 changes nothing while the store is', async () => {
    const nobody = 'redis://127.0.0.1:1';
    const withoutRedis = await processWith(database, nobody);
    const unreachable = { ...stackStore('api'), endpoint: 'http://127.0.0.1:1' };
    const withoutStore = await processWith(database, nobody, unreachable);
    try {
      const upload = await initiate();
      await put(upload, PDF);
      await expect(withoutStore.get(ConfirmUpload).execute(context, upload.fileId, null)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        retryAfterSec: 5,
      });
      expect(await uploads.find(context, upload.fileId, null)).toMatchObject({ state: 'awaiting_upload' });
      expect(await withoutRedis.get(ConfirmUpload).execute(context, upload.fileId, null)).toMatchObject({
        state: 'uploaded',
      });
      expect(await outbox(upload)).toHaveLength(1);
    } finally {
      await Promise.all([withoutRedis.close(), withoutStore.close()]);
    }
  });
});
