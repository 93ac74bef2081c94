import type { VersionId } from '@custody/domain';
import { cleanVerdict, freshDatabase, testPool, uploadRecord, type FreshDatabase } from '@custody/testing';
import type pg from 'pg';
import {
  FilesRepository,
  FileVersionsRepository,
  RescansRepository,
  SystemDatabase,
  SystemRescansRepository,
  SystemScanQueueRepository,
  SystemStagingRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type ClaimedRescan,
  type NewUpload,
  type RescanRecord,
  type RescanRunRecord,
  type StepContext,
} from './index.js';

export const SHA = 'a'.repeat(64);
export const POLICY = { leaseSec: 60, maxStarts: 2, maxWithdrawn: 3 };
export const WORKER = { actor: 'system:scan-worker' } as const;
export const engine = (signatures: string) => ({ engine: 'ClamAV 1', signatures, signaturesAt: null });
export const CLEAN: RescanRecord = {
  ...{ outcome: 'clean', detail: null, signature: null, coverage: 'full', engine: engine('200') },
};
export const INFECTED: RescanRecord = { ...CLEAN, outcome: 'infected', signature: 'Late-1' };

const SCAN = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const ARRIVAL = { storeVersion: 'v1', etag: 'e1', size: 10, sniffedMimeType: null };

/** Versions that are available in a database of one's own, and the steps of their rescans. */
export class RescanBench {
  readonly uploads: UploadsRepository;
  readonly files: FilesRepository;
  readonly rescans: RescansRepository;
  readonly queue: SystemRescansRepository;

  private constructor(
    private readonly database: FreshDatabase,
    readonly tenants: TenantDatabase,
    readonly system: SystemDatabase,
    private readonly admin: pg.Pool,
  ) {
    this.uploads = new UploadsRepository(tenants);
    this.files = new FilesRepository(tenants);
    this.rescans = new RescansRepository(tenants);
    this.queue = new SystemRescansRepository(system);
  }

  static async open(): Promise<RescanBench> {
    const database = await freshDatabase();
    return new RescanBench(
      database,
      new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' }),
      new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' }),
      testPool(database.adminUrl),
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.tenants.onApplicationShutdown(), this.system.onApplicationShutdown(), this.admin.end()]);
    await this.database.drop();
  }

  async clear(): Promise<void> {
    await this.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries, rescan_runs CASCADE');
  }

  query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<pg.QueryResult<T>> {
    return this.admin.query<T>(text, values);
  }

  async rows<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.query<T>(text, values)).rows;
  }

  async uploaded(context: StepContext, one: NewUpload): Promise<void> {
    await this.uploads.createPending(context, one, 1_000);
    await this.uploads.recordArrival(context, one.versionId, ARRIVAL);
  }

  /** The one version that waits for its scan becomes available. */
  async promote(): Promise<void> {
    const versions = new VersionsRepository(this.tenants);
    const claimed = await new SystemScanQueueRepository(this.system).claim(WORKER, SCAN);
    const { tenantId, fileId, id, epoch } = claimed!;
    const [step, claim] = [
      { tenantId, ...WORKER },
      { versionId: id, epoch },
    ];
    await versions.recordVerdict(step, claim, { ...cleanVerdict(SHA), engine: engine('100') }, 60);
    await versions.publish(step, claim);
    const staging = new SystemStagingRepository(this.system);
    await staging.markCleaned([{ tenantId, fileId, versionId: id, state: 'available' }]);
  }

  async available(context: StepContext): Promise<NewUpload> {
    const one = uploadRecord();
    await this.uploaded(context, one);
    await this.promote();
    return one;
  }

  async newVersion(context: StepContext, { fileId }: NewUpload): Promise<VersionId> {
    const one = uploadRecord();
    await new FileVersionsRepository(this.tenants).createPending(context, fileId, one, 1_000);
    await this.uploads.recordArrival(context, one.versionId, ARRIVAL);
    await this.promote();
    return one.versionId;
  }

  claim(signatures = 0, batch = 2) {
    return this.queue.claim(WORKER, POLICY, signatures, batch);
  }

  record({ tenantId, fileId, id, epoch }: ClaimedRescan, what: RescanRecord) {
    const claim = { versionId: id, epoch };
    return this.queue.record({ tenantId, ...WORKER }, fileId, claim, what, POLICY.maxWithdrawn);
  }

  handBack({ tenantId, id, epoch }: ClaimedRescan, refund: 0 | 1) {
    return this.queue.handBack({ tenantId, claim: { versionId: id, epoch } }, 0, refund);
  }

  /** Claims and ends rescans until there are none; which they were. */
  async work(signatures = 0, what: RescanRecord = CLEAN): Promise<VersionId[]> {
    const done: VersionId[] = [];
    for (let next = await this.claim(signatures); next !== null; next = await this.claim(signatures)) {
      done.push(next.id);
      await this.record(next, what);
    }
    return done;
  }

  async countsOf(context: StepContext, { id }: RescanRunRecord) {
    const { state, total, clean, withdrawn, inconclusive, skipped } = (await this.rescans.find(context, id))!;
    return { state, total, clean, withdrawn, inconclusive, skipped };
  }
}
