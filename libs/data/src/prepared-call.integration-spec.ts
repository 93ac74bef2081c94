import { freshDatabase, testPool, type FreshDatabase } from '@custody/testing';
import type pg from 'pg';
import { PreparedCall, runCall } from './prepared-call.js';

const VALUES = `SELECT $1::int8 AS big_number, $2::timestamptz AS made_at, $3::uuid[] AS ids, $4::jsonb AS some_json, $5::bool AS is_there, $6::text AS text_2`;

describe('a prepared call', () => {
  let database: FreshDatabase;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await freshDatabase();
    // One connection: each call meets what the one before left.
    pool = testPool(database.appUrl, 1);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const call = async (text: string, values: readonly unknown[] = [], name = text.slice(0, 60)): Promise<unknown> =>
    runCall(pool, new PreparedCall(name, text, values));

  it('reads each type, the first time and when the columns are known', async () => {
    const id = '11111111-1111-4111-8111-111111111111';
    const row = {
      bigNumber: 5_497_558_138_880,
      madeAt: new Date('2026-01-02T03:04:05.678Z'),
      ids: [id],
      someJson: { a: [1, 'ü'] },
      isThere: false,
      text2: 'a"\\\n☃',
    };
    const values = [row.bigNumber, row.madeAt.toISOString(), row.ids, row.someJson, row.isThere, row.text2];
    for (let turn = 0; turn < 3; turn += 1) expect(await call(VALUES, values)).toEqual([row]);
    const nothing = { bigNumber: null, madeAt: null, ids: null, someJson: null, isThere: null, text2: null };
    expect(await call(VALUES, [null, undefined, null, null, null, null])).toEqual([nothing]);
  });

  it('gives many rows, or none', async () => {
    const text = 'SELECT n FROM generate_series(1, $1::int) n';
    expect(await call(text, [0])).toEqual([]);
    expect(await call(text, [3])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect(await call(text, [0])).toEqual([]);
  });

  it('is refused with the code of PostgreSQL, before and after its columns are known, and the connection goes on', async () => {
    const text = 'SELECT 1 / $1::int AS quotient';
    await expect(call(text, [0])).rejects.toMatchObject({ code: '22012' });
    await expect(call(text, ['x'])).rejects.toMatchObject({ code: '22P02' });
    expect(await call(text, [1])).toEqual([{ quotient: 1 }]);
    await expect(call(text, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await call(text, [1])).toEqual([{ quotient: 1 }]);
    await expect(call('SELECT no_such_column')).rejects.toMatchObject({ code: '42703' });
    await expect(call('SELECT no_such_column')).rejects.toMatchObject({ code: '42703' });
  });

  it('never reads a row by columns that have changed', async () => {
    await database.query('CREATE TABLE changing AS SELECT 1 AS a');
    await database.query('GRANT SELECT ON changing TO PUBLIC');
    const text = 'SELECT * FROM changing';
    expect(await call(text)).toEqual([{ a: 1 }]);
    await database.query(`ALTER TABLE changing ADD COLUMN b text DEFAULT 'b'`);
    await expect(call(text)).rejects.toMatchObject({ code: '0A000' });
  });
});
