import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** The lock `prisma migrate` takes: whoever migrates, waits for whoever else does. */
const PRISMA_LOCK = 72707369;

/** The table of `prisma migrate`, as its engine creates it. */
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

const INSERT_DONE = `INSERT INTO _prisma_migrations
  (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
  VALUES ($1, $2, $3, $4, clock_timestamp(), 1)`;

interface Migration {
  readonly name: string;
  readonly script: string;
  /** Of the script, sha256 in hex. */
  readonly checksum: string;
}

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Applies what `<folder>/<name>/migration.sql` holds and the database has not seen, oldest name first.
 *
 * Each migration and its row commit together, so a crash or an error half-way leaves neither, and the next run goes on.
 * The rows are those of `prisma migrate deploy`. Its own engine is not used: offline it runs only as WASM, over a driver
 * adapter that cuts scripts at every `;` and so through the body of every plpgsql function.
 * @param url of the role that shall own what is created
 * @returns the names applied by this call
 * @throws Error when an applied migration was edited or failed under the Prisma CLI; pg.DatabaseError from a script
 */
export async function migrate(url: string, folder: string): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: url, application_name: 'custody-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(CREATE_TABLE);
    const done = await readApplied(client);
    const waiting = migrations.filter((migration) => !isApplied(migration, done));
    for (const migration of waiting) await apply(client, migration);
    return waiting.map(({ name }) => name);
  } finally {
    // Ending the session gives the lock back.
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(
    names.sort().map(async (name) => {
      const script = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { name, script, checksum: createHash('sha256').update(script).digest('hex') };
    }),
  );
}

async function readApplied(client: pg.Client): Promise<ReadonlyMap<string, Applied>> {
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

function isApplied(migration: Migration, done: ReadonlyMap<string, Applied>): boolean {
  const row = done.get(migration.name);
  if (!row) return false;
  if (row.finished_at === null) {
    throw new Error(`migration ${migration.name} failed before; settle it with \`prisma migrate resolve\``);
  }
  if (row.checksum !== migration.checksum) {
    throw new Error(`migration ${migration.name} was edited after it was applied; write a new one instead`);
  }
  return true;
}

async function apply(client: pg.Client, { name, script, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  await client.query('BEGIN');
  try {
    // Without parameters this is the simple protocol: the whole script at once, function bodies intact.
    await client.query(script);
    await client.query(INSERT_DONE, [randomUUID(), checksum, name, startedAt]);
    await client.query('COMMIT');
  } catch (error) {
    // A script may change the session (SET ROLE, search_path); ROLLBACK takes that back as well.
    await client.query('ROLLBACK').catch(() => {});
    throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
