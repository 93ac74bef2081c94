import { randomUUID } from 'node:crypto';
import { newId, type FileId, type TenantId, type UserId, type VersionId } from '@custody/domain';
import { freshDatabase, type FreshDatabase } from '@custody/testing';
import pg from 'pg';
import {
  FileListingRepository,
  TenantDatabase,
  type FileFilter,
  type FilePageRequest,
  type StepContext,
} from './index.js';

/** More with `LISTING_ROWS=1000000`; the bounds below do not grow with it. */
const ROWS = Number(process.env['LISTING_ROWS'] ?? 200_000);
const ALL = Math.ceil((ROWS * 10) / 9);
const FILLED = ['files', 'file_versions', 'subject_links'] as const;
const NIL = '00000000-0000-0000-0000-000000000000';

interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

describe(`M28 the listing over ${ROWS} files of one tenant`, () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let listing: FileListingRepository;
  let owner: pg.Client;
  const tenantId = newId<TenantId>();
  const context: StepContext = { tenantId, actor: `user:${newId<UserId>()}` };
  const folder = randomUUID();
  const rare = { creator: newId<UserId>(), file: newId<FileId>() };

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 4, applicationName: 'test' });
    listing = new FileListingRepository(tenants);
    await fill();
    owner = new pg.Client({ connectionString: database.adminUrl });
    await owner.connect();
    await owner.query('SET ROLE custody_owner');
  }, 600_000);
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), owner.end()]);
    await database.drop();
  });

  /** Most values are common; of each kind a few files have a rare one, the oldest of them all. */
  async function fill(): Promise<void> {
    const other = randomUUID();
    await database.query('INSERT INTO folders (tenant_id, id, name, created_by) VALUES ($1, $2, $3, $2)', [
      tenantId,
      folder,
      'a',
    ]);
    // Triggers keep what the statements below write themselves; indexes are made faster afterwards than kept up row by row.
    for (const table of FILLED) await database.query(`ALTER TABLE ${table} DISABLE TRIGGER ALL`);
    const indexes = await database.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
         FROM pg_index WHERE indrelid = ANY ($1::regclass[]) AND NOT indisprimary`,
      [FILLED],
    );
    for (const { name } of indexes) await database.query(`DROP INDEX ${name}`);
    const files = (from: number, to: number) =>
      database.query(
        `INSERT INTO files (tenant_id, id, bucket, filename, metadata, created_by, created_at, updated_at, folder_id, status, mime_type)
         SELECT CASE WHEN n % 10 = 9 THEN $2::uuid ELSE $1::uuid END,
                CASE WHEN n = 0 THEN $5::uuid ELSE gen_random_uuid() END,
                CASE WHEN n < 30 THEN 'exports' ELSE 'documents' END,
                CASE WHEN n < 30 THEN 'Rare ' || n || '.pdf' ELSE 'scan-' || n::bigint * 7919 % 1000003 || '.pdf' END,
                CASE WHEN n < 30 THEN '{"case": "A-1", "externalId": "INV-1"}'::jsonb
                     ELSE jsonb_build_object('case', 'B-' || n % 1000, 'kind', 'letter', 'pages', n % 7) END,
                CASE WHEN n < 30 THEN $4::uuid ELSE $1::uuid END,
                '2026-01-01'::timestamptz + n * interval '1 second', '2026-02-01'::timestamptz + n * interval '1 second',
                CASE WHEN n < 30 AND n % 10 <> 9 THEN $3::uuid END,
                CASE WHEN n < 30 THEN 'rejected' ELSE 'available' END,
                CASE WHEN n < 30 THEN 'image/png' ELSE 'application/pdf' END
           FROM generate_series($6::int, $7::int) n`,
        [tenantId, other, folder, rare.creator, rare.file, from, to],
      );
    const half = Math.ceil(ALL / 2);
    await Promise.all([files(0, half), files(half + 1, ALL)]);
    await Promise.all([
      // Of those that are read, not only looked for.
      database.query(
        `INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, created_by, created_at)
         SELECT tenant_id, gen_random_uuid(), id, mime_type, mime_type, 1, created_by, created_at FROM files
          WHERE metadata ->> 'case' = 'B-8' OR created_at > '2026-01-01'::timestamptz + ($1 - 1000) * interval '1 second'`,
        [ALL],
      ),
      database.query(
        `INSERT INTO subject_links (tenant_id, file_id, subject_type, subject_id, created_by, linked_at)
         SELECT tenant_id, id, 'case', s, 'user:x', CASE WHEN s <> 'unconfirmed' THEN created_at END
           FROM files, unnest(CASE WHEN created_by = $1 THEN '{rare,unconfirmed}'::text[]
                                   WHEN metadata ->> 'pages' = '3' THEN ARRAY['common', metadata ->> 'case']
                                   ELSE '{common}' END) s`,
        [rare.creator],
      ),
    ]);
    await Promise.all(indexes.map(({ definition }) => database.query(definition)));
    for (const table of FILLED) await database.query(`ALTER TABLE ${table} ENABLE TRIGGER ALL`);
    await Promise.all(FILLED.map((table) => database.query(`VACUUM (ANALYZE) ${table}`)));
  }

  const request = (filter: FileFilter, rest: Partial<FilePageRequest> = {}): FilePageRequest => ({
    filter,
    sort: 'createdAt',
    order: 'desc',
    after: null,
    limit: 50,
    grant: null,
    ...rest,
  });

  /** The plan of the very text the listing runs, as the role it runs as. */
  async function planOf({ filter, sort, order, after, limit }: FilePageRequest): Promise<PlanNode> {
    const { folder: inFolder, ...rest } = filter;
    const row = JSON.stringify({ ...rest, folderKey: inFolder === 'root' ? NIL : inFolder });
    const first = after === null;
    const { rows } = await owner.query<{ text: string }>('SELECT file_query($1, $2, $3, $4) AS text', [
      row,
      sort,
      order,
      first,
    ]);
    const { rows: plans } = await owner.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${literal(rows[0]?.text ?? '', [tenantId, row, after?.at.toISOString() ?? null, after?.fileId ?? null, limit + 1])}`,
    );
    return plans[0]!['QUERY PLAN'][0].Plan;
  }
  /** EXPLAIN takes no parameters; EXECUTE ... USING plans with their values as well. */
  const literal = (text: string, values: (string | number | null)[]): string => {
    const types = ['uuid', 'jsonb', 'timestamptz', 'uuid', 'int'];
    return text.replace(/\$(\d)/g, (_, n: string) => {
      const value = values[Number(n) - 1] ?? null;
      return value === null ? 'NULL' : `${pg.escapeLiteral(String(value))}::${types[Number(n) - 1] ?? ''}`;
    });
  };
  const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

  const FILTERS: [string, FileFilter, number][] = [
    ['nothing', {}, 51],
    ['an id', { id: rare.file }, 1],
    ['a rare name', { name: 'rARE ' }, 27],
    ['a common name', { name: 'SCAN-' }, 51],
    ['a filename', { filename: 'Rare 7.pdf' }, 1],
    ['a rare type', { mimeType: 'image/png' }, 27],
    ['a common type', { mimeType: 'application/pdf' }, 51],
    ['a type nobody has', { mimeType: 'video/mp4' }, 0],
    ['a rare creator', { createdBy: rare.creator }, 27],
    ['a creator nobody is', { createdBy: newId<UserId>() }, 0],
    [
      'a time of creation',
      { createdFrom: new Date('2026-01-01T00:01:00Z'), createdTo: new Date('2026-01-01T00:01:10Z') },
      9,
    ],
    [
      'a time of change',
      { updatedFrom: new Date('2026-02-01T00:01:00Z'), updatedTo: new Date('2026-02-01T00:01:10Z') },
      9,
    ],
    ['a rare bucket', { bucket: 'exports' }, 27],
    ['a bucket nobody uses', { bucket: 'avatars' }, 0],
    ['a common bucket', { bucket: 'documents' }, 51],
    ['a rare status', { status: 'rejected' }, 27],
    ['a status nobody has', { status: 'pending_scan' }, 0],
    ['a common status', { status: 'available' }, 51],
    ['a folder', { folder: folder as never }, 27],
    ['the root', { folder: 'root' }, 51],
    ['a rare subject', { subject: { type: 'case', id: 'rare' } }, 27],
    ['a subject of one in a thousand', { subject: { type: 'case', id: 'B-8' } }, Math.min(51, Math.ceil(ALL / 7_000))],
    ['a common subject', { subject: { type: 'case', id: 'common' } }, 51],
    ['a subject of another type', { subject: { type: 'unit', id: 'rare' } }, 0],
    ['a subject whose uploads nobody confirmed', { subject: { type: 'case', id: 'unconfirmed' } }, 0],
    ['a subject and a rare status', { subject: { type: 'case', id: 'rare' }, status: 'rejected' }, 27],
    ['rare metadata', { metadata: { case: 'A-1' } }, 27],
    ['metadata of one in a thousand', { metadata: { case: 'B-8', pages: 3 } }, Math.min(51, Math.ceil(ALL / 7_000))],
    ['common metadata', { metadata: { kind: 'letter' } }, 51],
    ['metadata nobody has', { metadata: { case: 'none' } }, 0],
    ['an external id', { externalId: 'INV-1' }, 27],
    [
      'many at once',
      { folder: 'root', status: 'available', bucket: 'documents', name: 'scan-1', metadata: { kind: 'letter' } },
      51,
    ],
  ];
  const ORDERS = [
    { sort: 'createdAt', order: 'desc' },
    { sort: 'createdAt', order: 'asc' },
    { sort: 'updatedAt', order: 'desc' },
    { sort: 'updatedAt', order: 'asc' },
  ] as const;

  it.each(FILTERS)('finds %s by an index, reading little', async (_what, filter, found) => {
    for (const order of ORDERS) {
      const plan = await planOf(request(filter, order));
      const seen = nodes(plan).map((node) => node['Node Type']);
      expect(seen).not.toContain('Seq Scan');
      expect(seen.some((type) => /Index/.test(type))).toBe(true);
      // What is sorted is what was found, never the whole.
      const sorted = nodes(plan).filter((node) => /Sort/.test(node['Node Type']));
      for (const node of sorted) expect(node.Plans?.[0]?.['Actual Rows'] ?? 0).toBeLessThanOrEqual(2_000);
      expect([order, plan['Actual Rows']]).toEqual([order, found]);
      // A reading of the whole would be many thousands.
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThanOrEqual(2_000);
    }
  });

  it('goes on from any page by the index', async () => {
    const after = { at: new Date('2026-01-02T00:00:00Z'), fileId: newId<FileId>() };
    for (const order of ORDERS) {
      const plan = await planOf(request({}, { ...order, after }));
      expect(nodes(plan).map((node) => node['Node Type'])).toEqual(['Limit', expect.stringMatching(/^Index/)]);
      expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThanOrEqual(200);
    }
  });

  it('hands each file out once, in order, and none of the other tenant', async () => {
    const seen: string[] = [];
    let last: FilePageRequest['after'] = null;
    for (let more = true; more;) {
      const page = await listing.page(context, request({ metadata: { case: 'B-8' } }, { after: last, limit: 37 }));
      seen.push(...page.files.map(({ fileId }) => fileId));
      const end = page.files.at(-1);
      last = end === undefined ? null : { at: end.createdAt, fileId: end.fileId };
      more = page.hasMore;
    }
    const truth = await database.query<{ id: string }>(
      `SELECT id FROM files WHERE tenant_id = $1 AND metadata @> '{"case": "B-8"}' ORDER BY created_at DESC, id DESC`,
      [tenantId],
    );
    expect(seen).toEqual(truth.map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(100);
  });

  it('S32 gives a caller no row of another tenant, and tells the owner role of candidates only', async () => {
    const stranger: StepContext = { ...context, tenantId: newId<TenantId>() };
    expect(await listing.page(stranger, request({ id: rare.file }))).toEqual({ files: [], hasMore: false });
    await expect(listing.page(stranger, request({ folder: folder as never }))).rejects.toMatchObject({
      code: 'FOLDER_NOT_FOUND',
    });
  });

  it('row-level security has the last word on a candidate, and the page is filled with the next', async () => {
    const [newest] = (await listing.page(context, request({}, { limit: 1 }))).files;
    await database.query(
      `CREATE POLICY hidden ON files AS RESTRICTIVE FOR SELECT TO custody_app USING (id <> '${newest!.fileId}')`,
    );
    try {
      const page = await listing.page(context, request({}, { limit: 3 }));
      expect(page.files.map(({ fileId }) => fileId)).not.toContain(newest!.fileId);
      expect([page.files.length, page.hasMore]).toEqual([3, true]);
    } finally {
      await database.query('DROP POLICY hidden ON files');
    }
  });

  it('takes no text of a request into a statement', async () => {
    const hostile = `x' OR true; DROP TABLE files; --`;
    const filter = {
      name: hostile,
      filename: hostile,
      mimeType: hostile,
      metadata: { [hostile]: hostile },
      externalId: hostile,
    };
    expect(await listing.page(context, request(filter))).toEqual({ files: [], hasMore: false });
    await expect(listing.page(context, request({}, { sort: hostile as never }))).rejects.toThrow('no such order');
  });

  it('reads a whole page in little time', async () => {
    await listing.page(context, request({}, { limit: 200 }));
    const started = performance.now();
    const { files } = await listing.page(context, request({ status: 'available' }, { limit: 200 }));
    expect(files).toHaveLength(200);
    expect(performance.now() - started).toBeLessThan(1_000);
  });

  it('finds numbers by value and members of arrays by what they are', async () => {
    const own: StepContext = { tenantId: newId<TenantId>(), actor: context.actor };
    const metadata = { n: 1.5, flag: null, tags: ['a', { deep: [true] }], '': { 'a.b': 'x' } };
    const fileId = newId<FileId>();
    await database.query(
      `INSERT INTO files (tenant_id, id, bucket, filename, metadata, created_by) VALUES ($1, $2, 'assets', 'x', $3, $2)`,
      [own.tenantId, fileId, JSON.stringify(metadata)],
    );
    await database.query(
      `INSERT INTO file_versions (tenant_id, id, file_id, mime_type, declared_mime_type, declared_size, created_by) VALUES ($1, $2, $3, 'a/b', 'a/b', 1, $2)`,
      [own.tenantId, newId<VersionId>(), fileId],
    );
    const found = async (filter: Record<string, unknown>) =>
      (await listing.page(own, request({ metadata: filter }))).files.length;
    for (const yes of [
      metadata,
      {},
      { n: 1.5 },
      { flag: null },
      { tags: ['a'] },
      { tags: [{ deep: [true] }] },
      { '': { 'a.b': 'x' } },
      { tags: [] },
    ])
      expect([yes, await found(yes)]).toEqual([yes, 1]);
    for (const no of [{ n: '1.5' }, { n: 1 }, { tags: 'a' }, { tags: ['b'] }, { flag: false }, { '': { a: 'x' } }])
      expect([no, await found(no)]).toEqual([no, 0]);
    expect((await listing.page(own, request({ mimeType: 'a/b' }))).files).toHaveLength(1);
  });
});
