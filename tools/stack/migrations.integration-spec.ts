import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { startStack, type Stack } from './local-stack.ts';
import { migrate } from './migrations.ts';
import { freePorts } from './ports.ts';
import { quietProgress } from './progress.ts';

jest.setTimeout(60_000);

let dir: string;
let stack: Stack;
let url: string;
let folder: string;
let runs = 0;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'custody-migrations-'));
  // No root with migrations of its own: each test brings some.
  const options = { root: dir, dir: path.join(dir, 'stack'), ports: await freePorts(), progress: quietProgress() };
  stack = await startStack({ ...options, services: ['postgres'] });
});
afterAll(async () => {
  await stack.stop();
  await rm(dir, { recursive: true });
});
beforeEach(async () => {
  runs += 1;
  folder = path.join(dir, `migrations-${runs}`);
  await query(stack.env['DATABASE_URL'] ?? '', `CREATE DATABASE run_${runs} OWNER custody_owner`);
  const own = new URL(stack.env['DATABASE_OWNER_URL'] ?? '');
  own.pathname = `/run_${runs}`;
  url = own.href;
});

async function query(on: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(on);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function give(name: string, script: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, 'migration.sql'), script);
}

const FUNCTION = `CREATE TABLE a (id int);
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; RETURN 2 * n; END; $$;`;

describe('migrate', () => {
  it('applies in order what is new, with function bodies intact, and nothing twice', async () => {
    await give('2_second', 'ALTER TABLE a ADD COLUMN name text');
    await give('1_first', FUNCTION);
    expect(await migrate(url, folder)).toEqual(['1_first', '2_second']);
    expect(await query(url, 'SELECT twice(21) AS n')).toEqual([{ n: 42 }]);
    expect(await migrate(url, folder)).toEqual([]);
  });

  it('applies once though two run at the same time', async () => {
    await give('1_first', FUNCTION);
    const both = await Promise.all([migrate(url, folder), migrate(url, folder)]);
    expect(both.flat()).toEqual(['1_first']);
  });

  it('F22 leaves nothing of a script that fails half-way, and goes on once it is mended', async () => {
    await give('1_first', FUNCTION);
    await give('2_second', 'CREATE TABLE half (id int); SELECT 1/0;');
    await expect(migrate(url, folder)).rejects.toThrow('migration 2_second failed: division by zero');
    expect(await query(url, `SELECT to_regclass('half') AS half, to_regclass('a')::text AS a`)).toEqual([
      { half: null, a: 'a' },
    ]);
    await give('2_second', 'CREATE TABLE half (id int)');
    expect(await migrate(url, folder)).toEqual(['2_second']);
  });

  it('refuses a migration that was edited after it was applied', async () => {
    await give('1_first', FUNCTION);
    await migrate(url, folder);
    await give('1_first', `${FUNCTION} -- edited`);
    await expect(migrate(url, folder)).rejects.toThrow('1_first was edited');
  });

  it("writes rows in which Prisma's own engine finds nothing to apply and nothing edited", async () => {
    await give('1_first', FUNCTION);
    await give('2_second', 'ALTER TABLE a ADD COLUMN name text');
    await migrate(url, folder);
    // `history: null` says that folder and table agree.
    const migrationsList = await listForPrisma(['1_first', '2_second']);
    const filters = { externalTables: [], externalEnums: [] };
    const database = new PrismaPg({ connectionString: url, allowExitOnIdle: true });
    const engine = await prismaEngine(database);
    const input = { migrationsList, filters, optInToShadowDatabase: false };
    expect(await engine.diagnoseMigrationHistory(input)).toMatchObject({
      hasMigrationsTable: true,
      failedMigrationNames: [],
      editedMigrationNames: [],
      history: null,
    });
    engine.free();
  });
});

async function listForPrisma(names: readonly string[]) {
  const migrationDirectories = await Promise.all(
    names.map(async (name) => {
      const value = await readFile(path.join(folder, name, 'migration.sql'), 'utf8');
      return { path: name, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } } };
    }),
  );
  const lockfile = { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' };
  return { baseDir: folder, lockfile, shadowDbInitScript: '', migrationDirectories };
}

/** What TypeScript knows of it only with the types of a browser. */
const wasm = globalThis as unknown as {
  WebAssembly: {
    instantiate(bytes: Buffer, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
  };
};

interface PrismaEngine {
  diagnoseMigrationHistory(input: object): Promise<object>;
  free(): void;
}

/** The package expects a bundler that loads .wasm files: here it is instantiated by hand. */
async function prismaEngine(database: PrismaPg): Promise<PrismaEngine> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const glue = (await import('@prisma/schema-engine-wasm/schema_engine_bg')) as unknown as {
    __wbg_set_wasm(exports: object): void;
    SchemaEngine: { new: (options: object, log: () => void, adapter: object) => Promise<PrismaEngine> };
  };
  const bytes = await readFile(path.join(path.dirname(entry), 'schema_engine_bg.wasm'));
  const { instance } = await wasm.WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  const adapter = bindMigrationAwareSqlAdapterFactory(database);
  const schema = 'datasource db {\n  provider = "postgresql"\n}\n';
  return glue.SchemaEngine.new({ datamodels: [['schema.prisma', schema]] }, () => {}, adapter);
}
