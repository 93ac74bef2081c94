import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { loadStagingReaperConfig } from '@custody/config';
import {
  SystemScanQueueRepository,
  UploadsRepository,
  VersionsRepository,
  type NewUpload,
  type StepContext,
} from '@custody/data';
import { objectKey, stagingKey } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import {
  cleanVerdict,
  uploadRecord,
  userContext,
  checkInvariants,
  freshBuckets,
  freshDatabase,
  stackEnv,
  stackS3,
  type FreshBuckets,
  type FreshDatabase,
  type Violation,
} from '@custody/testing';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ReaperModule } from './reaper.module.js';
import type { ReaperTask } from './rounds/reaper-task.js';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\n');
const SHA = createHash('sha256').update(PDF).digest('hex');

/** An upload and the context of its tenant. */
export interface Seed {
  readonly context: StepContext;
  readonly upload: NewUpload;
  readonly stagingKey: string;
  readonly mainKey: string;
}

/** Real PostgreSQL, Redis and S3 of one's own, and reapers on them. */
export class ReaperBench {
  private readonly apps: INestApplicationContext[] = [];

  private constructor(
    readonly database: FreshDatabase,
    readonly buckets: FreshBuckets,
    private readonly prefix = `test-${randomUUID()}`,
  ) {}

  static async open(): Promise<ReaperBench> {
    const [database, buckets] = await Promise.all([freshDatabase(), freshBuckets()]);
    return new ReaperBench(database, buckets);
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await Promise.all([this.database.drop(), this.buckets.drop()]);
  }

  /** The environment of a reaper process on this bench. */
  env(overrides: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { store } = this.buckets;
    return {
      NODE_ENV: 'test',
      PORT: '0',
      DATABASE_URL: this.database.appUrl,
      DATABASE_SYSTEM_URL: this.database.systemUrl,
      REDIS_URL: stackEnv('REDIS_URL'),
      QUEUE_PREFIX: this.prefix,
      S3_ENDPOINT: store.endpoint,
      S3_REGION: store.region,
      S3_ACCESS_KEY_ID: store.credentials.accessKeyId,
      S3_SECRET_ACCESS_KEY: store.credentials.secretAccessKey,
      S3_STAGING_BUCKET: store.stagingBucket,
      S3_MAIN_BUCKET: store.mainBucket,
      ...overrides,
    };
  }

  /** A reaper in this process whose tasks are run by hand. */
  async reaper(overrides: Readonly<Record<string, string>> = {}): Promise<INestApplicationContext> {
    const config = loadStagingReaperConfig(this.env(overrides));
    const app = await NestFactory.createApplicationContext(ReaperModule.forRoot(config), { logger: false });
    this.apps.push(app);
    return app;
  }

  async run(app: INestApplicationContext, task: Type<ReaperTask>): Promise<Record<string, number>> {
    const { counts, failed, firstError } = await app.get(task).execute(new AbortController().signal);
    if (failed > 0) throw new Error(`${failed} failed`, { cause: firstError });
    return counts;
  }

  /** I1 to I10 over this bench's database and buckets. */
  async violations(): Promise<Violation[]> {
    const { stagingBucket, mainBucket } = this.buckets.store;
    const s3 = stackS3();
    try {
      return await checkInvariants({ databaseUrl: this.database.adminUrl, s3, stagingBucket, mainBucket });
    } finally {
      s3.destroy();
    }
  }

  get store(): ObjectStore {
    return this.app.get(ObjectStore);
  }

  private get app(): INestApplicationContext {
    const [app] = this.apps;
    if (app === undefined) throw new Error('there is no reaper yet');
    return app;
  }

  async initiate(context = userContext()): Promise<Seed> {
    const upload = uploadRecord({ size: PDF.length });
    await this.app.get(UploadsRepository).createPending(context, upload, 1_000_000);
    const ref = { ...upload, tenantId: context.tenantId };
    return { context, upload, stagingKey: stagingKey(ref), mainKey: objectKey(ref, upload.bucket) };
  }

  async put(key: string, bytes = PDF): Promise<string> {
    return (await this.store.putStream(key, Readable.from([bytes]), { contentType: 'application/pdf' })).versionId;
  }

  async putMain(key: string): Promise<void> {
    await this.store.putDerived(key, Readable.from([PDF]), {
      contentType: 'application/pdf',
      contentDisposition: 'attachment',
    });
  }

  async uploaded(context = userContext()): Promise<Seed> {
    const seed = await this.initiate(context);
    const storeVersion = await this.put(seed.stagingKey);
    const arrival = { storeVersion, etag: 'e', size: PDF.length, sniffedMimeType: 'application/pdf' };
    await this.app.get(UploadsRepository).recordArrival(context, seed.upload.versionId, arrival);
    return seed;
  }

  /** Claimed, with a clean verdict and copied, but not published. */
  async clean(): Promise<Seed & { readonly epoch: number }> {
    const seed = await this.uploaded();
    const policy = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1_000, oldestEvery: 4 };
    const claimed = await this.app.get(SystemScanQueueRepository).claim({ actor: 'system:scan-worker' }, policy);
    if (claimed?.id !== seed.upload.versionId) throw new Error('the claim took another version: clean one at a time');
    await this.app
      .get(VersionsRepository)
      .recordVerdict(seed.context, claimOf(seed, claimed.epoch), cleanVerdict(SHA), 60);
    await this.putMain(seed.mainKey);
    return { ...seed, epoch: claimed.epoch };
  }

  async available(): Promise<Seed> {
    const seed = await this.clean();
    await this.app.get(VersionsRepository).publish(seed.context, claimOf(seed, seed.epoch));
    return seed;
  }

  async stateOf({ upload }: Seed): Promise<string> {
    const rows = await this.database.query<{ state: string }>(
      `SELECT state || coalesce(':' || reject_reason, '') AS state FROM file_versions WHERE id = $1`,
      [upload.versionId],
    );
    return rows[0]?.state ?? 'no row';
  }

  /** How many versions and markers a staging key has, and whether main has an object. */
  async bytesOf({
    stagingKey: key,
    mainKey,
  }: Pick<Seed, 'stagingKey' | 'mainKey'>): Promise<[staged: number, main: boolean]> {
    let staged = 0;
    for await (const version of this.store.listStaging(key)) if (version.key === key) staged += 1;
    return [staged, (await this.store.head({ bucket: 'main', key: mainKey })) !== null];
  }
}

const claimOf = ({ upload }: Seed, epoch: number) => ({ versionId: upload.versionId, epoch });
