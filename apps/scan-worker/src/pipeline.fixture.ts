import 'reflect-metadata';
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { NestFactory } from '@nestjs/core';
import {
  FilesRepository,
  SystemDatabase,
  SystemOutboxRepository,
  TenantDatabase,
  UploadsRepository,
  type StepContext,
} from '@custody/data';
import {
  fileTypeFor,
  newId,
  objectKey,
  stagingKey,
  type FileId,
  type TenantId,
  type UserId,
  type VersionId,
} from '@custody/domain';
import { OutboxPublisher, QueueProducer, QueuesModule } from '@custody/queues';
import { S3ObjectStore } from '@custody/storage';
import {
  testPool,
  AppProcess,
  checkInvariants,
  eventually,
  freshDatabase,
  stackEnv,
  stackS3,
  stackStore,
} from '@custody/testing';

export interface UploadOptions {
  readonly mimeType?: string;
  readonly filename?: string;
  readonly sha256?: string;
  readonly tenantId?: TenantId;
}

/** One upload as the tests follow it. */
export interface Uploaded {
  readonly context: StepContext;
  readonly tenantId: TenantId;
  readonly fileId: FileId;
  readonly versionId: VersionId;
  readonly stagingKey: string;
  readonly mainKey: string;
  readonly sha256: string;
}

export interface VersionState {
  readonly state: string;
  readonly reject_reason: string | null;
  readonly reject_detail: string | null;
  readonly starts: number;
  readonly epoch: number;
  readonly verdict: string | null;
  readonly coverage: string | null;
  readonly signature: string | null;
  readonly sha256: string | null;
  readonly engine_version: string | null;
  readonly cleaned_at: Date | null;
}

/** Real PostgreSQL (a database of its own), Redis (a prefix of its own), S3 and clamd, and worker processes over them. */
export async function startPipeline() {
  const database = await freshDatabase();
  const tenants = new TenantDatabase({ url: database.appUrl, poolMax: 4, applicationName: 'test' });
  const system = new SystemDatabase({ url: database.systemUrl, poolMax: 2, applicationName: 'test' });
  const admin = testPool(database.adminUrl);
  const s3 = stackS3();
  const uploads = new UploadsRepository(tenants);
  const api = new S3ObjectStore(stackStore('api'));
  const owner = new S3ObjectStore(stackStore('owner'));
  const redis = { url: stackEnv('REDIS_URL'), prefix: `test-${randomUUID()}`, commandTimeoutMs: 2_000 };
  const queues = await NestFactory.createApplicationContext(QueuesModule.forRootAsync({ useFactory: () => redis }), {
    logger: false,
  });
  const producer = queues.get(QueueProducer);
  await eventually('Redis answers', () => producer.ping().then(() => true));
  const publisher = new OutboxPublisher(producer, new SystemOutboxRepository(system));
  const processes: AppProcess[] = [];

  const workerEnv = (more: Record<string, string> = {}): Record<string, string> => ({
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: database.appUrl,
    DATABASE_SYSTEM_URL: database.systemUrl,
    DATABASE_POOL_MAX: '4',
    REDIS_URL: redis.url,
    QUEUE_PREFIX: redis.prefix,
    QUEUE_LOCK_SEC: '2',
    QUEUE_STALLED_INTERVAL_SEC: '1',
    S3_ENDPOINT: stackEnv('S3_ENDPOINT'),
    S3_ACCESS_KEY_ID: stackEnv('S3_WORKER_ACCESS_KEY_ID'),
    S3_SECRET_ACCESS_KEY: stackEnv('S3_WORKER_SECRET_ACCESS_KEY'),
    S3_STAGING_BUCKET: stackEnv('S3_STAGING_BUCKET'),
    S3_MAIN_BUCKET: stackEnv('S3_MAIN_BUCKET'),
    CLAMD_HOST: stackEnv('CLAMD_HOST'),
    CLAMD_PORT: stackEnv('CLAMD_PORT'),
    CLAMD_RETRY_SEC: '1',
    SCAN_LEASE_SEC: '2',
    SHUTDOWN_GRACE_SEC: '10',
    ...more,
  });

  /** Uploads and confirms as the API does: pinned, the wake-up published. */
  async function upload(
    bytes: Buffer,
    { mimeType = 'text/plain', filename = 'a.txt', sha256, tenantId = newId<TenantId>() }: UploadOptions = {},
  ): Promise<Uploaded> {
    const ids = { tenantId, fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const userId = newId<UserId>();
    const context: StepContext = { tenantId, actor: `user:${userId}`, requestId: `request-${ids.versionId}` };
    const type = fileTypeFor(mimeType);
    const created = await uploads.createPending(
      context,
      {
        ...ids,
        bucket: 'documents',
        filename,
        mimeType: type.mimeType,
        declaredMimeType: mimeType,
        size: bytes.length,
        sha256: sha256 ?? null,
        metadata: {},
        createdBy: userId,
      },
      100_000,
    );
    if (created === null) throw new Error('no place in the quota');
    const key = stagingKey(ids);
    const stored = await api.putStream(key, Readable.from(pieces(bytes)), { contentType: mimeType });
    const step = await uploads.recordArrival(context, ids.versionId, {
      storeVersion: stored.versionId,
      etag: stored.etag,
      size: stored.size,
      sniffedMimeType: null,
    });
    publisher.publishAfterCommit(step?.events ?? []);
    await publisher.flush();
    return {
      ...ids,
      context,
      stagingKey: key,
      mainKey: objectKey(ids, 'documents'),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
  }

  async function stateOf({ versionId }: Uploaded): Promise<VersionState> {
    const { rows } = await admin.query<VersionState>('SELECT * FROM file_versions WHERE id = $1', [versionId]);
    return rows[0]!;
  }

  return {
    database,
    admin,
    files: new FilesRepository(tenants),
    api,
    owner,
    producer,
    upload,
    stateOf,
    /** @param more variables of the worker's environment. */
    async worker(more: Record<string, string> = {}, nodeOptions: string[] = []): Promise<AppProcess> {
      const started = await AppProcess.spawn('scan-worker', workerEnv(more), { nodeOptions });
      processes.push(started);
      return started;
    },
    /** Resolves once the version is in one of these states. */
    until: (one: Uploaded, states: string | string[], timeoutMs = 20_000): Promise<VersionState> =>
      eventually(
        `version ${one.versionId} is ${String(states)}`,
        async () => {
          const now = await stateOf(one);
          if ([states].flat().includes(now.state)) return now;
          throw new Error(
            `it is ${JSON.stringify(now)}; ${processes.map((each) => each.output.slice(-3_000)).join('\n')}`,
          );
        },
        timeoutMs,
      ),
    mainBytes: async (one: Uploaded, bytes = 1_000_000) => owner.readHead({ bucket: 'main', key: one.mainKey }, bytes),
    /** New bytes under the key of an upload, by somebody who may. */
    async overwriteStaging(one: Uploaded, bytes: Buffer): Promise<void> {
      await owner.putStream(one.stagingKey, Readable.from([bytes]), { contentType: 'text/plain' });
    },
    inMain: async (one: Uploaded) => (await owner.head({ bucket: 'main', key: one.mainKey })) !== null,
    async stagingVersions(one: Uploaded): Promise<number> {
      let count = 0;
      for await (const _ of owner.listStaging(one.stagingKey)) count += 1;
      return count;
    },
    violations: (settled = true) =>
      checkInvariants({
        databaseUrl: database.adminUrl,
        s3,
        stagingBucket: stackEnv('S3_STAGING_BUCKET'),
        mainBucket: stackEnv('S3_MAIN_BUCKET'),
        settled,
        pendingLimit: 100_000,
      }),
    async stopWorkers(): Promise<void> {
      await Promise.all(processes.splice(0).map((each) => each.kill()));
    },
    async close(): Promise<void> {
      await Promise.all(processes.splice(0).map((each) => each.kill()));
      await queues.close();
      await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown(), admin.end()]);
      api.close();
      owner.close();
      s3.destroy();
      await database.drop();
    },
  };
}

export type Pipeline = Awaited<ReturnType<typeof startPipeline>>;

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
