import { createHash, randomUUID } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type pg from 'pg';
import { testPool, checkInvariants, freshDatabase, stackEnv, stackS3, type FreshDatabase } from './index.js';

const BYTES = Buffer.from('the scanned bytes');
const SHA = createHash('sha256').update(BYTES).digest('hex');
const Bucket = stackEnv('S3_MAIN_BUCKET');
const s3 = stackS3();

let database: FreshDatabase;
let admin: pg.Pool;
let ids: { tenant: string; file: string; version: string };
let key: string;

beforeAll(async () => {
  database = await freshDatabase();
  admin = testPool(database.adminUrl);
});
afterAll(async () => {
  await admin.end();
  await database.drop();
  s3.destroy();
});

/** One available file, made by the very functions the services call. */
beforeEach(async () => {
  await admin.query('TRUNCATE files, file_versions, tenant_quota, audit_log, outbox, deliveries CASCADE');
  ids = { tenant: randomUUID(), file: randomUUID(), version: randomUUID() };
  key = `${ids.tenant}/documents/${ids.file}/${ids.version}`;
  const context = JSON.stringify({ tenantId: ids.tenant, actor: 'system:test' });
  const call = (text: string, ...values: unknown[]) => admin.query(text, [context, ...values]);
  await call(
    `SELECT initiate_upload($1, $2, $3, 'documents', 'a', 'text/plain', 'text/plain', 17, NULL, '{}', $4, 9)`,
    ids.file,
    ids.version,
    randomUUID(),
  );
  await call(`SELECT record_upload($1, $2, 'v', 'e', 17, NULL)`, ids.version);
  await call(`SELECT claim_version($1, '1 min', 9, 9, 9)`);
  await call(
    `SELECT record_verdict($1, $2, 1, 'clean', NULL, NULL, 'clean', NULL, 'full', 'e', 's', NULL, $3, NULL, '1 min')`,
    ids.version,
    SHA,
  );
  await call('SELECT publish_version($1, $2, 1)', ids.version);
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: BYTES }));
});

const found = async () => {
  const stagingBucket = stackEnv('S3_STAGING_BUCKET');
  const all = await checkInvariants({
    databaseUrl: database.adminUrl,
    s3,
    stagingBucket,
    mainBucket: Bucket,
    settled: true,
  });
  return [...new Set(all.map(({ invariant }) => invariant))].sort();
};

/** As nobody can but who owns the database: without triggers and constraints. */
const corrupt = async (statement: string) => {
  const client = await admin.connect();
  try {
    await client.query('ALTER TABLE file_versions DROP CONSTRAINT IF EXISTS clean_has_verdict');
    await client.query('SET session_replication_role = replica');
    await client.query(statement.replaceAll('$version', `'${ids.version}'`).replaceAll('$tenant', `'${ids.tenant}'`));
  } finally {
    client.release(true);
  }
};

const audit = (action: string, detail: string) =>
  `INSERT INTO audit_log (tenant_id, actor, action, version_id, detail) VALUES ($tenant, 'x', '${action}', $version, '${detail}')`;

describe('the invariants', () => {
  it('hold for a file that went its way', async () => {
    expect(await found()).toEqual([]);
  });

  it.each([
    ['I1', `UPDATE file_versions SET sha256 = repeat('0', 64)`],
    ['I1', `UPDATE file_versions SET size = 18`],
    ['I1', `UPDATE file_versions SET verdict = 'unscannable'`],
    ['I4', `DELETE FROM outbox WHERE type = 'file.available'`],
    ['I5', `UPDATE tenant_quota SET pending = 1`],
    ['I8', `DELETE FROM audit_log WHERE action = 'version.clean'`],
    ['I8', `UPDATE audit_log SET action = 'version.held' WHERE action = 'version.available'`],
    ['I7', audit('version.rejected', '{"from": "available", "epoch": 1}')],
    ['I7', `UPDATE file_versions SET state = 'rejected', reject_reason = 'deleted', withdrawn_at = now()`],
    ['I10', `UPDATE file_versions SET coverage = 'none'`],
    ['I3', `UPDATE file_versions SET state = 'clean'`],
  ])('%s is seen to break: %s', async (invariant, statement) => {
    await corrupt(statement);
    expect(await found()).toContain(invariant);
  });

  it('hold for a version that a rescan withdrew, once its bytes are gone', async () => {
    const context = JSON.stringify({ tenantId: ids.tenant, actor: 'system:test' });
    await admin.query('SELECT request_rescan($1, $2, NULL, NULL)', [context, ids.file]);
    const { rows } = await admin.query<{ epoch: number }>(`SELECT epoch FROM claim_rescan($1, '1 min', 9, 0, 9, 9)`, [
      context,
    ]);
    await admin.query(`SELECT record_rescan($1, $2, $3, $4, 'infected', NULL, 'Late', 'full', 'e', 's', NULL, 9)`, [
      context,
      ids.file,
      ids.version,
      rows[0]?.epoch,
    ]);
    expect(await found()).toEqual(['I9']);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect(await found()).toEqual([]);
  });

  it('I2 a URL handed out before the file was available is seen', async () => {
    await corrupt(`UPDATE audit_log SET action = 'file.download_url_created' WHERE action = 'version.clean'`);
    expect(await found()).toContain('I2');
  });

  it('I1 other bytes of the same length, and none, are seen', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: Buffer.from('THE scanned bytes') }));
    expect(await found()).toEqual(['I1']);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: key }));
    expect(await found()).toEqual(['I1']);
  });

  it('I6 an object without a row, and I9 one of a rejected version are seen', async () => {
    await s3.send(
      new PutObjectCommand({ Bucket, Key: `${ids.tenant}/documents/${ids.file}/${randomUUID()}`, Body: 'x' }),
    );
    expect(await found()).toEqual(['I6']);
    await corrupt(`UPDATE file_versions SET state = 'rejected', reject_reason = 'infected'`);
    expect(await found()).toEqual(expect.arrayContaining(['I6', 'I9']));
  });
});
