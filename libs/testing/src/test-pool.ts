import pg from 'pg';

/** A test's own connections to a database that may be dropped under them: what the server tells them of its end is no error. */
export function testPool(url: string, max = 2): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max });
  pool.on('error', () => undefined);
  return pool;
}
