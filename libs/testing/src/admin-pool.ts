import pg from 'pg';

/** Connections of a test that looks at every row; a database that is dropped under them is no error. */
export function adminPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  return pool;
}
