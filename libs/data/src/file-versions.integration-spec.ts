import { newId, type FileId, type TenantId, type UserId, type VersionId } from '@custody/domain';
import { freshDatabase, type FreshDatabase } from '@custody/testing';
import {
  FilesRepository,
  FileVersionsRepository,
  SystemDatabase,
  SystemScanQueueRepository,
  TenantDatabase,
  UploadsRepository,
  VersionsRepository,
  type Claim,
  type StepContext,
} from './index.js';

const WORKER = { actor: 'system:scan-worker' } as const;
const POLICY = { leaseSec: 60, maxStarts: 3, newestFirstAbove: 1000, oldestEvery: 4 };
const MIME = { mimeType: 'text/plain', declaredMimeType: 'text/plain' };

describe('versions of a file in PostgreSQL', () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let system: SystemDatabase;
  let uploads: UploadsRepository;
  let files: FilesRepository;
  let fileVersions: FileVersionsRepository;
  let versions: VersionsRepository;

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    system = new SystemDatabase({ url: database.systemUrl, poolMax: 4, applicationName: 'test' });
    uploads = new UploadsRepository(tenants);
    files = new FilesRepository(tenants);
    fileVersions = new FileVersionsRepository(tenants);
    versions = new VersionsRepository(tenants);
  });
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), system.onApplicationShutdown()]);
    await database.drop();
  });

  const contextOf = (): StepContext => ({ tenantId: newId<TenantId>(), actor: `user:${newId<UserId>()}` });
  const size = 10;
  const createdBy = newId<UserId>();

  async function file(context: StepContext): Promise<{ fileId: FileId; versionId: VersionId }> {
    const ids = { fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const one = {
      ...ids,
      ...MIME,
      bucket: 'documents',
      filename: 'a',
      size,
      sha256: null,
      metadata: {},
      createdBy,
    } as const;
    await uploads.createPending(context, one, 100);
    return ids;
  }
  async function version(context: StepContext, fileId: FileId, most = 100): Promise<VersionId> {
    const versionId = newId<VersionId>();
    const outcome = await fileVersions.createPending(
      context,
      fileId,
      { ...MIME, versionId, size, sha256: null, createdBy },
      most,
    );
    expect(outcome).toBe('created');
    return versionId;
  }
  /** To the verdict: everything but the publication. */
  async function clean(context: StepContext, versionId: VersionId): Promise<Claim> {
    await uploads.recordArrival(context, versionId, { storeVersion: 's', etag: 'e', size, sniffedMimeType: null });
    const claimed = await new SystemScanQueueRepository(system).claim(WORKER, POLICY);
    expect(claimed?.id).toBe(versionId);
    const claim = { versionId, epoch: claimed?.epoch ?? 0 };
    const nothing = { rejectReason: null, detail: null, signature: null, engine: null, sniffedMimeType: null };
    const verdict = { ...nothing, state: 'clean', verdict: 'clean', coverage: 'full', sha256: 'a'.repeat(64) } as const;
    await versions.recordVerdict(context, claim, verdict, 60);
    return claim;
  }
  /** As readers of the file see it, and as the doors to its bytes do. */
  const currentOf = async (context: StepContext, fileId: FileId) => {
    const file = await files.find(context, fileId);
    const served = await files.findServed(context, fileId);
    expect(file).toMatchObject({ ...served, fileId });
    expect(await files.grantDownload(context, fileId, {})).toEqual(served);
    return file?.versionId;
  };

  it('M15 the newest upload speaks for the file, in whatever order the scans end', async () => {
    const context = contextOf();
    const { fileId, versionId: first } = await file(context);
    const second = await version(context, fileId);
    expect(await currentOf(context, fileId)).toBe(second);
    const claims = [await clean(context, first), await clean(context, second)];
    await versions.publish(context, claims[1]!);
    expect(await currentOf(context, fileId)).toBe(second);
    expect((await versions.publish(context, claims[0]!)).applied).toBe(true);
    expect(await currentOf(context, fileId)).toBe(second);
    expect(await fileVersions.list(context, fileId, null, 10)).toMatchObject([
      { versionId: second, current: true, state: 'available' },
      { versionId: first, current: false, state: 'available' },
    ]);
  });

  it('M31 restores only what is available, once', async () => {
    const context = contextOf();
    const { fileId, versionId: first } = await file(context);
    await versions.publish(context, await clean(context, first));
    const second = await version(context, fileId);
    expect(await fileVersions.restore(context, fileId, second)).toBe('unavailable');
    await versions.publish(context, await clean(context, second));
    expect(await fileVersions.restore(context, fileId, first)).toBe('restored');
    expect(await fileVersions.restore(context, fileId, first)).toBe('current');
    expect(await currentOf(context, fileId)).toBe(first);
    const other = await file(context);
    expect(await fileVersions.restore(context, other.fileId, first)).toBe('no_version');
    expect(await fileVersions.restore(contextOf(), fileId, first)).toBe('no_file');
  });

  it('M12 exactly as many pending versions as there are places, and none for a deleted file', async () => {
    const context = contextOf();
    const { fileId } = await file(context);
    const made = await Promise.all(
      Array.from({ length: 20 }, () =>
        fileVersions.createPending(
          context,
          fileId,
          { ...MIME, versionId: newId<VersionId>(), size, sha256: null, createdBy },
          8,
        ),
      ),
    );
    expect(made.filter((outcome) => outcome === 'created')).toHaveLength(7);
    await files.delete(context, fileId);
    expect(await files.grantDownload(context, fileId, {})).toBeNull();
    expect(await files.findServed(context, fileId)).toBeNull();
    expect(await uploads.countPending(context)).toBe(0);
    const late = { ...MIME, versionId: newId<VersionId>(), size, sha256: null, createdBy };
    expect(await fileVersions.createPending(context, fileId, late, 8)).toBe('no_file');
  });
});
