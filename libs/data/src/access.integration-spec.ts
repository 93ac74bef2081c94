import { newId, type AccessGroupId, type FileId, type TenantId, type UserId, type VersionId } from '@custody/domain';
import { freshDatabase, type FreshDatabase } from '@custody/testing';
import pg from 'pg';
import {
  AccessGroupsRepository,
  FilesRepository,
  SharesRepository,
  SubjectLinksRepository,
  TenantDatabase,
  UploadsRepository,
  type StepContext,
} from './index.js';

describe('the access rule in PostgreSQL', () => {
  const tenantId = newId<TenantId>();
  const group = newId<AccessGroupId>();
  const owner = as(newId<UserId>());
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let groups: AccessGroupsRepository;
  let files: FilesRepository;
  let shares: SharesRepository;
  let uploads: UploadsRepository;

  function as(user: UserId, more: Partial<StepContext> = {}): StepContext {
    return { tenantId, actor: `user:${user}`, ...more };
  }

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 8, applicationName: 'test' });
    groups = new AccessGroupsRepository(tenants);
    files = new FilesRepository(tenants);
    shares = new SharesRepository(tenants);
    uploads = new UploadsRepository(tenants);
    await groups.create(owner, group, 'group');
  });
  afterAll(async () => {
    await tenants.onApplicationShutdown();
    await database.drop();
  });

  async function made(
    context: StepContext,
    accessGroupId?: AccessGroupId,
  ): Promise<{ fileId: FileId; versionId: VersionId }> {
    const ids = { fileId: newId<FileId>(), versionId: newId<VersionId>() };
    const type = { mimeType: 'text/plain', declaredMimeType: 'text/plain' };
    const rest = { bucket: 'documents', filename: 'a', size: 1, sha256: null, metadata: {} } as const;
    const createdBy = context.actor.slice('user:'.length) as UserId;
    const placement = accessGroupId === undefined ? undefined : { accessGroupId };
    await uploads.createPending(context, { ...ids, ...type, ...rest, createdBy, placement }, 1_000);
    return ids;
  }

  it('is ready quickly: no policy makes a plan for each question, nor one for members and shares that most files never need', async () => {
    const parts = 'SELECT (current_tenant|actor_\\w+)\\(\\)|access_group_members|shares';
    const nested = 'SELECT tablename, policyname FROM pg_policies WHERE concat(qual, with_check) ~ $1';
    expect(await database.query(nested, [parts])).toEqual([]);
  });

  it('M35 M36 shows a file of a group to its group, its maker, administrators, processes and whom it is shared with', async () => {
    const { fileId } = await made(owner, group);
    const [member, reader, elsewhere] = [newId<UserId>(), newId<UserId>(), newId<UserId>()];
    const other = await groups.create(owner, newId<AccessGroupId>(), 'other');
    await groups.addMember(owner, other.id, elsewhere);
    await shares.put(owner, (await made(owner, group)).fileId, elsewhere, null);
    await groups.addMember(owner, group, member);
    await shares.put(owner, fileId, reader, new Date(Date.now() + 60_000));
    const sees = async (context: StepContext) => (await files.find(context, fileId)) !== null;
    const stranger = newId<UserId>();
    expect(
      await Promise.all([
        sees(owner),
        sees(as(member)),
        sees(as(stranger, { groups: [group] })),
        sees(as(stranger, { isAdmin: true })),
        sees({ tenantId, actor: 'system:scan-worker' }),
        sees(as(reader)),
      ]),
    ).toEqual([true, true, true, true, true, true]);
    expect(
      await Promise.all([
        sees(as(stranger)),
        sees(as(elsewhere)),
        sees(as(stranger, { groups: [newId<AccessGroupId>()] })),
        sees(as(member, { tenantId: newId<TenantId>(), groups: [group], isAdmin: true })),
      ]),
    ).toEqual([false, false, false, false]);
    await database.query(`UPDATE shares SET expires_at = now() - interval '1 s' WHERE user_id = $1`, [reader]);
    expect(await sees(as(reader))).toBe(false);
  });

  it('M36 a share never lets anybody write, not even past our own functions', async () => {
    const { fileId, versionId } = await made(owner, group);
    const reader = newId<UserId>();
    await shares.put(owner, fileId, reader, null);
    expect(await uploads.find(as(reader), fileId, null)).toBeNull();
    expect(await files.delete(as(reader), fileId)).toBe(false);
    const app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    try {
      await app.query('BEGIN');
      await app.query('SELECT enter($1)', [JSON.stringify(as(reader))]);
      expect((await app.query('SELECT 1 FROM files WHERE id = $1', [fileId])).rowCount).toBe(1);
      expect((await app.query('SELECT 1 FROM file_versions WHERE id = $1', [versionId])).rowCount).toBe(1);
      expect((await app.query(`UPDATE files SET filename = 'mine' WHERE id = $1`, [fileId])).rowCount).toBe(0);
      const moved = `UPDATE file_versions SET state = 'rejected', reject_reason = 'failed' WHERE id = $1`;
      expect((await app.query(moved, [versionId])).rowCount).toBe(0);
      await app.query('ROLLBACK');
      expect((await app.query('SELECT 1 FROM files')).rowCount).toBe(0);
    } finally {
      await app.end();
    }
  });

  it('M14 M36 who has a share sees the links of the file and changes none', async () => {
    const links = new SubjectLinksRepository(tenants);
    const { fileId } = await made(owner, group);
    const [reader, subject] = [newId<UserId>(), { type: 'case', id: 'A-1' }];
    await shares.put(owner, fileId, reader, null);
    expect(await links.link(as(reader), fileId, subject)).toBe(false);
    expect(await links.link(owner, fileId, subject)).toBe(true);
    expect(await links.unlink(as(reader), fileId, subject)).toBe('absent');
    expect(await links.filesOf(as(reader), subject, null, 10)).toMatchObject([{ fileId, subjects: [subject] }]);
    expect(await links.filesOf(as(newId<UserId>()), subject, null, 10)).toEqual([]);
    expect(await files.describe(as(reader), fileId, { notes: 'mine' })).toBe(false);
    expect(await links.unlink(owner, fileId, subject)).toBe('done');
    expect(await links.filesOf(owner, subject, null, 10)).toEqual([]);
  });

  it('M35 nobody moves a file to where they would not see it, and a refused upload leaves no trace', async () => {
    const colleague = as(newId<UserId>());
    const { fileId } = await made(owner);
    const place = (context: StepContext, accessGroupId: AccessGroupId) =>
      tenants.call(context, 'SELECT place_file($1, $2, $3)', [fileId, JSON.stringify({ accessGroupId })]);
    const refusal = { code: 'ACCESS_GROUP_NOT_FOUND' };
    await expect(place(colleague, group)).rejects.toMatchObject(refusal);
    await expect(place(owner, newId<AccessGroupId>())).rejects.toMatchObject(refusal);
    const before = await uploads.countPending(owner);
    await expect(made(owner, newId<AccessGroupId>())).rejects.toMatchObject(refusal);
    expect(await uploads.countPending(owner)).toBe(before);
    await place({ ...colleague, groups: [group] }, group);
    expect(await files.find(colleague, fileId)).toBeNull();
    expect(await files.find(owner, fileId)).toMatchObject({ accessGroupId: group });
  });

  it('M35 a group is deleted only while nothing belongs to it, whoever files something into it meanwhile', async () => {
    for (let round = 0; round < 10; round++) {
      const id = newId<AccessGroupId>();
      await groups.create(owner, id, `race ${round}`);
      const filing = made(owner, id).then(
        () => 'filed',
        (error: unknown) => (error as { code?: string }).code,
      );
      const outcomes = [await groups.delete(owner, id), await filing].join(' ');
      expect(['used filed', 'deleted ACCESS_GROUP_NOT_FOUND']).toContain(outcomes);
    }
  });

  it('reads one file among 100,000 of groups by its key, whoever asks', async () => {
    await database.query(
      `INSERT INTO files (tenant_id, id, bucket, filename, created_by, access_group_id)
       SELECT $1, gen_random_uuid(), 'documents', 'f' || n, gen_random_uuid(), $2 FROM generate_series(1, 100000) n`,
      [tenantId, group],
    );
    await database.query('ANALYZE');
    const { fileId } = await made(owner, group);
    const app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    try {
      for (const context of [owner, as(newId<UserId>()), as(newId<UserId>(), { groups: [group] })]) {
        await app.query('BEGIN');
        await app.query('SELECT enter($1)', [JSON.stringify(context)]);
        const { rows } = await app.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN (ANALYZE, BUFFERS OFF) SELECT * FROM file_details WHERE tenant_id = current_tenant() AND file_id = $1`,
          [fileId],
        );
        await app.query('ROLLBACK');
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).toContain('Index Scan using files_pkey');
        expect(plan).not.toMatch(/Seq Scan on (files|file_versions|shares|access_group_members)\b.*rows=[1-9]\d{2}/);
      }
    } finally {
      await app.end();
    }
  }, 60_000);
});
