import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { testPool } from './test-pool.js';

/** A database of its own for one test file, migrated, with the URLs of every role. */
export interface FreshDatabase {
  /** Superuser: sees every row. */
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly systemUrl: string;
  /** Runs one statement as the superuser and returns its rows. */
  query<Row extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run this through npm test, or load the env file of a running stack`);
  return value;
}

async function run(url: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/**
 * Creates and migrates a database beside the stack's own (`DATABASE_URL` superuser, `DATABASE_APP_URL`, `DATABASE_SYSTEM_URL`).
 * Tests of cross-tenant work need one: a claim takes whoever's row is next.
 */
export async function freshDatabase(): Promise<FreshDatabase> {
  const admin = required('DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await run(admin, `CREATE DATABASE ${name} OWNER custody_owner`);
  const adminUrl = withDatabase(admin, name);
  const root = join(import.meta.dirname, '../../../prisma/migrations');
  const migrations = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => readFileSync(join(root, name, 'migration.sql'), 'utf8'));
  await run(adminUrl, 'SET ROLE custody_owner', ...migrations);
  const pool = testPool(adminUrl);
  return {
    adminUrl,
    appUrl: withDatabase(required('DATABASE_APP_URL'), name),
    systemUrl: withDatabase(required('DATABASE_SYSTEM_URL'), name),
    async query<Row extends object>(text: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(text, [...values])).rows;
    },
    async drop() {
      // A pool has ended before its connections have; what the server tells those of the database's end goes to its listener.
      await pool.end();
      await run(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}
