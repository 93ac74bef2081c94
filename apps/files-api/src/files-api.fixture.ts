import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { loadFilesApiConfig } from '@custody/config';
import {
  SystemDatabase,
  SystemScanQueueRepository,
  TenantDatabase,
  VersionsRepository,
  type VersionRecord,
} from '@custody/data';
import { objectKey, stagingKey, type Bucket } from '@custody/domain';
import { S3ObjectStore } from '@custody/storage';
import { freshDatabase, stackEnv, stackStore, TestIssuer, type FreshDatabase, type IssuerKey } from '@custody/testing';
import { createApp, type FilesApi } from './create-app.js';

export const EVENTS_TOKEN = 'events-token-of-the-tests';
export const ORIGIN = 'https://app.example.com';
export const ALL_SCOPES = 'files:read files:write files:export files:admin';

export interface Identity {
  readonly tenant: string;
  readonly user: string;
}

/** The API as a process runs it, on a free port, with a database and an issuer of its own. */
export class RunningApi {
  private constructor(
    readonly url: string,
    readonly api: FilesApi,
    readonly database: FreshDatabase,
    private readonly issuer: TestIssuer,
    private readonly key: IssuerKey,
  ) {}

  static async start(overrides: Record<string, string> = {}): Promise<RunningApi> {
    const database = await freshDatabase();
    const issuer = new TestIssuer();
    await issuer.start();
    const key = await issuer.newKey();
    await issuer.publish(key);
    const auth = { AUTH_ISSUER: issuer.issuer, AUTH_JWKS_URL: issuer.jwksUrl };
    const config = loadFilesApiConfig({ ...environment(), ...auth, DATABASE_URL: database.appUrl, ...overrides });
    const api = await createApp(config);
    await api.app.listen(0, '127.0.0.1');
    return new RunningApi(await api.app.getUrl(), api, database, issuer, key);
  }

  async token({ tenant, user }: Identity, scope = ALL_SCOPES): Promise<string> {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const claims = { iss: this.issuer.issuer, aud: 'custody', sub: user, tenant_id: tenant, scope, exp };
    return this.issuer.sign(this.key, claims);
  }

  async stop(): Promise<void> {
    await this.api.app.close();
    await this.issuer.stop();
    await this.database.drop();
  }
}

function environment() {
  const { credentials, ...store } = stackStore('api');
  return {
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'https://files.example.com/',
    CORS_ORIGINS: ORIGIN,
    FILES_S3_EVENTS_TOKEN: EVENTS_TOKEN,
    UPLOAD_TOKENS_KEY: randomBytes(32).toString('base64'),
    WEBHOOK_SECRETS_KEY: randomBytes(32).toString('base64'),
    REDIS_URL: stackEnv('REDIS_URL'),
    QUEUE_PREFIX: `test-${randomUUID()}`,
    S3_ENDPOINT: store.endpoint,
    S3_PUBLIC_ENDPOINT: store.publicEndpoint,
    S3_REGION: store.region,
    S3_ACCESS_KEY_ID: credentials.accessKeyId,
    S3_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    S3_STAGING_BUCKET: store.stagingBucket,
    S3_MAIN_BUCKET: store.mainBucket,
  };
}

const POLICY = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1_000, oldestEvery: 4 };
const ENGINE = { engine: 'ClamAV 1.4', signatures: '27000', signaturesAt: null };

/** The steps of a scan worker that finds a file clean, with the worker's own credentials and repositories. */
export class CleanScan {
  private readonly store = new S3ObjectStore(stackStore('worker'));
  private readonly system: SystemDatabase;
  private readonly tenants: TenantDatabase;

  constructor(database: FreshDatabase) {
    this.system = new SystemDatabase({ url: database.systemUrl, poolMax: 2, applicationName: 'test' });
    this.tenants = new TenantDatabase({ url: database.appUrl, poolMax: 2, applicationName: 'test' });
  }

  /** Takes the next uploaded version to available. */
  async run(bucket: Bucket, contentType: string): Promise<void> {
    const publish = await this.judge(bucket, contentType);
    await publish();
  }

  /** The same up to the last step, which it hands out: the version is clean and copied, but not available. */
  async judge(bucket: Bucket, contentType: string): Promise<() => Promise<void>> {
    const version = await new SystemScanQueueRepository(this.system).claim({ actor: 'system:scan-worker' }, POLICY);
    if (version === null) throw new Error('there is nothing to scan');
    const context = { tenantId: version.tenantId, actor: 'system:scan-worker' } as const;
    const claim = { versionId: version.id, epoch: version.epoch };
    const ref = { tenantId: version.tenantId, fileId: version.fileId, versionId: version.id };
    const from = { bucket: 'staging', key: stagingKey(ref), versionId: version.storeVersion ?? '' } as const;
    const sha256 = await this.hash(from, version);
    const versions = new VersionsRepository(this.tenants);
    const clean = { state: 'clean', verdict: 'clean', coverage: 'full', engine: ENGINE, sha256 } as const;
    const nothing = { rejectReason: null, detail: null, signature: null, sniffedMimeType: null };
    await versions.recordVerdict(context, claim, { ...clean, ...nothing }, 60);
    const size = version.size ?? 0;
    const spec = { contentType, contentDisposition: 'attachment', size, sha256 };
    await this.store.promote(from, objectKey(ref, bucket), spec);
    return async () => {
      await versions.publish(context, claim);
    };
  }

  async close(): Promise<void> {
    this.store.close();
    await Promise.all([this.system.onApplicationShutdown(), this.tenants.onApplicationShutdown()]);
  }

  private async hash(from: Parameters<S3ObjectStore['open']>[0], { size }: VersionRecord): Promise<string> {
    const bytes = await this.store.readHead(from, size ?? 0);
    return createHash('sha256').update(bytes).digest('hex');
  }
}
