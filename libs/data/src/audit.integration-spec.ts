import { newId, type FileId, type TenantId, type UserId, type VersionId } from '@custody/domain';
import { freshDatabase, type FreshDatabase } from '@custody/testing';
import pg from 'pg';
import {
  AuditRepository,
  TenantDatabase,
  type AuditFilter,
  type AuditOrder,
  type AuditPosition,
  type StepContext,
} from './index.js';

const ROWS = 200_000;
const START = Date.parse('2026-01-01T00:00:00Z');

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: PlanNode[];
}

describe(`M37 the audit log over ${ROWS} rows of one tenant`, () => {
  let database: FreshDatabase;
  let tenants: TenantDatabase;
  let audit: AuditRepository;
  /** In the services' role, under row-level security. */
  let app: pg.Client;
  const context: StepContext = { tenantId: newId<TenantId>(), actor: `user:${newId<UserId>()}` };
  const rare = { actor: `user:${newId<UserId>()}`, file: newId<FileId>(), version: newId<VersionId>() };

  beforeAll(async () => {
    database = await freshDatabase();
    tenants = new TenantDatabase({ url: database.appUrl, poolMax: 4, applicationName: 'test' });
    audit = new AuditRepository(tenants);
    await fill();
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    await app.query(`SELECT set_config('app.tenant_id', $1, false)`, [context.tenantId]);
  }, 180_000);
  afterAll(async () => {
    await Promise.all([tenants.onApplicationShutdown(), app.end()]);
    await database.drop();
  });

  /** Most values are common; the 30 oldest rows have a rare one of each kind. Every tenth row is another tenant's. */
  async function fill(): Promise<void> {
    await database.query(
      `INSERT INTO audit_log (tenant_id, at, actor, action, file_id, version_id, request_id, detail)
       SELECT CASE WHEN n % 10 = 9 THEN $2::uuid ELSE $1::uuid END,
              $6::timestamptz + n * interval '1 second',
              CASE WHEN n < 30 THEN $3 WHEN n % 3 = 0 THEN 'system:scan-worker' ELSE 'user:' || $1 END,
              CASE WHEN n < 30 THEN 'share.created' WHEN n % 4 = 0 THEN 'version.available' WHEN n % 4 = 1 THEN 'version.scanning'
                   ELSE 'file.download_url_created' END,
              CASE WHEN n < 30 THEN $4::uuid WHEN n % 5 > 0 THEN md5('f' || n / 1000)::uuid END,
              CASE WHEN n < 30 THEN $5::uuid WHEN n % 5 > 1 THEN md5('v' || n / 1000)::uuid END,
              CASE WHEN n < 30 THEN 'rare' WHEN n % 2 = 0 THEN 'request-' || n / 10 END,
              '{"expiresIn": 900}'
         FROM generate_series(0, ${ROWS}::int * 10 / 9) n`,
      [context.tenantId, newId<TenantId>(), rare.actor, rare.file, rare.version, new Date(START)],
    );
    await database.query('VACUUM ANALYZE audit_log');
  }

  const second = (n: number) => new Date(START + n * 1_000);

  /** The plan of the very text a page runs, as the role it runs as. */
  async function planOf(filter: AuditFilter, order: AuditOrder, after: AuditPosition | null = null): Promise<PlanNode> {
    const row = JSON.stringify(filter);
    const { rows } = await app.query<{ text: string }>('SELECT audit_query($1, $2, $3) AS text', [
      row,
      order,
      after === null,
    ]);
    const text = literal(rows[0]?.text ?? '', [row, after?.at.toISOString() ?? null, after?.id ?? null, 51]);
    const { rows: plans } = await app.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    );
    return plans[0]!['QUERY PLAN'][0].Plan;
  }
  /** EXPLAIN takes no parameters; EXECUTE ... USING plans with their values as well. */
  const literal = (text: string, values: (string | number | null)[]): string => {
    const types = ['jsonb', 'timestamptz', 'bigint', 'int'];
    return text.replace(/\$(\d)/g, (_, n: string) => {
      const value = values[Number(n) - 1] ?? null;
      return value === null ? 'NULL' : `${pg.escapeLiteral(String(value))}::${types[Number(n) - 1] ?? ''}`;
    });
  };
  const nodes = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  const blocks = (plan: PlanNode) => plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];

  const FILTERS: [string, AuditFilter, number][] = [
    ['nothing', {}, 51],
    ['a rare file', { fileId: rare.file }, 27],
    ['a file that nothing happened to', { fileId: newId<FileId>() }, 0],
    ['a rare version', { versionId: rare.version }, 27],
    ['a version that nothing happened to', { versionId: newId<VersionId>() }, 0],
    ['a rare actor', { actor: rare.actor }, 27],
    ['a common actor', { actor: 'system:scan-worker' }, 51],
    ['an actor who did nothing', { actor: 'system:nobody' }, 0],
    ['a rare action', { action: 'share.created' }, 27],
    ['a common action', { action: 'version.available' }, 51],
    ['an action nobody took', { action: 'version.held' }, 0],
    ['a rare group of actions', { actionGroup: 'share' }, 27],
    ['a common group of actions', { actionGroup: 'version' }, 51],
    ['a group nobody took an action of', { actionGroup: 'webhook' }, 0],
    ['a request', { requestId: 'rare' }, 27],
    ['a request that was not', { requestId: 'none' }, 0],
    ['a time', { from: second(60), to: second(70) }, 9],
    ['a time before all', { to: second(0) }, 0],
    ['a time after all', { from: new Date('2030-01-01T00:00:00Z') }, 0],
    ['what came before a row', { before: 1_000_000 }, 51],
    ['a common actor at a time', { actor: 'system:scan-worker', from: second(60), to: second(120) }, 18],
    ['a common action at an early time', { action: 'version.available', to: second(60) }, 7],
    [
      'all at once',
      {
        fileId: rare.file,
        versionId: rare.version,
        actor: rare.actor,
        actionGroup: 'share',
        requestId: 'rare',
        from: second(0),
        to: second(10),
      },
      9,
    ],
  ];

  it.each(FILTERS)('finds %s by an index, reading little', async (_what, filter, found) => {
    for (const order of ['desc', 'asc'] as const) {
      const plan = await planOf(filter, order);
      const seen = nodes(plan).map((node) => node['Node Type']);
      expect(seen).not.toContain('Seq Scan');
      expect(seen.some((type) => /Index/.test(type))).toBe(true);
      const sorted = nodes(plan).filter((node) => /Sort/.test(node['Node Type']));
      for (const node of sorted) expect(node.Plans?.[0]?.['Actual Rows'] ?? 0).toBeLessThanOrEqual(100);
      expect([order, plan['Actual Rows']]).toEqual([order, found]);
      expect(blocks(plan)).toBeLessThanOrEqual(300);
    }
  });

  it('goes on from any page by the index', async () => {
    const after = { at: second(100_000), id: 100_000 };
    for (const filter of [{}, { actor: 'system:scan-worker' }, { actionGroup: 'version' }]) {
      for (const order of ['desc', 'asc'] as const) {
        const plan = await planOf(filter, order, after);
        expect(nodes(plan).map((node) => node['Node Type'])).toEqual(['Limit', expect.stringMatching(/^Index/)]);
        expect(blocks(plan)).toBeLessThanOrEqual(200);
      }
    }
  });

  it('hands each row out once, in order, and none of the other tenant', async () => {
    const filter = { action: 'version.scanning', to: second(2_000) };
    for (const order of ['desc', 'asc'] as const) {
      const seen: number[] = [];
      for (let after: AuditPosition | null = null; ;) {
        const page = await audit.page(context, filter, order, after, 37);
        seen.push(...page.map(({ id }) => id));
        after = page.at(-1) ?? null;
        if (page.length < 37) break;
      }
      const truth = await database.query<{ id: string }>(
        `SELECT id FROM audit_log WHERE tenant_id = $1 AND action = $2 AND at < $3 ORDER BY at ${order}, id ${order}`,
        [context.tenantId, filter.action, filter.to],
      );
      expect(seen).toEqual(truth.map(({ id }) => Number(id)));
      expect(seen.length).toBeGreaterThan(300);
    }
  });

  it('S32 gives a stranger nothing, whatever is asked', async () => {
    const stranger: StepContext = { ...context, tenantId: newId<TenantId>() };
    for (const filter of [{}, { fileId: rare.file }, { actor: rare.actor }, { requestId: 'rare' }])
      expect(await audit.page(stranger, filter, 'desc', null, 50)).toEqual([]);
  });

  it('takes no text of a request into a statement', async () => {
    const hostile = `x' OR true; DROP TABLE files; --`;
    const filter = { actor: hostile, action: hostile, actionGroup: hostile, requestId: hostile };
    expect(await audit.page(context, filter, 'desc', null, 50)).toEqual([]);
    await expect(audit.page(context, {}, hostile as never, null, 50)).rejects.toThrow('no such order');
  });

  it('begins an export by writing it down', async () => {
    const own: StepContext = { ...context, tenantId: newId<TenantId>(), requestId: 'take-out' };
    const before = await audit.beginExport(own, { order: 'asc' });
    expect(await audit.page(own, { before }, 'asc', null, 50)).toEqual([]);
    expect(await audit.page(own, {}, 'asc', null, 50)).toMatchObject([
      { id: before, actor: own.actor, action: 'audit.exported', requestId: 'take-out', detail: { order: 'asc' } },
    ]);
  });

  it('is append-only for every role of a service, and times are the database’s own', async () => {
    for (const url of [database.appUrl, database.systemUrl]) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const { rows } = await client.query<{ name: string }>('SELECT current_user AS name');
        expect(rows[0]?.name).toMatch(/^custody_(app|system)$/);
        await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [context.tenantId]);
        for (const statement of [
          `UPDATE audit_log SET actor = 'nobody'`,
          `UPDATE audit_log SET detail = '{}' WHERE false`,
          'DELETE FROM audit_log',
          'TRUNCATE audit_log',
          'SELECT 1 FROM audit_log FOR UPDATE',
          `INSERT INTO audit_log (tenant_id, at, actor, action) VALUES ('${context.tenantId}', '2020-01-01', 'a', 'a.a')`,
          `INSERT INTO audit_log (tenant_id, id, actor, action) OVERRIDING SYSTEM VALUE VALUES ('${context.tenantId}', 1, 'a', 'a.a')`,
          `MERGE INTO audit_log a USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE`,
        ])
          await expect(client.query(statement)).rejects.toThrow(/permission denied for table audit_log/);
        for (const statement of [
          'DROP TABLE audit_log',
          'ALTER TABLE audit_log DISABLE TRIGGER ALL',
          'ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY',
        ])
          await expect(client.query(statement)).rejects.toThrow('must be owner');
        await expect(client.query('SET ROLE custody_owner')).rejects.toThrow('permission denied');
        await expect(client.query('SET session_replication_role = replica')).rejects.toThrow('permission denied');
      } finally {
        await client.end();
      }
    }
    const rights = await database.query(
      `SELECT r.rolname, p.name FROM pg_roles r, unnest('{UPDATE,DELETE,TRUNCATE,TRIGGER,REFERENCES}'::text[]) p (name)
        WHERE r.rolname LIKE 'custody\\_%' AND r.rolname <> 'custody_owner' AND has_table_privilege(r.oid, 'audit_log', p.name)`,
    );
    expect(rights).toEqual([]);
  });

  it('is append-only for the owner and a superuser too, as long as the trigger stands', async () => {
    for (const statement of [
      `UPDATE audit_log SET actor = 'nobody' WHERE id = 1`,
      'DELETE FROM audit_log WHERE id = 1',
    ])
      await expect(database.query(statement)).rejects.toThrow('append-only');
  });
});
