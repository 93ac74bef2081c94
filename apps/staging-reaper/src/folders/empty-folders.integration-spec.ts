import 'reflect-metadata';
import { FilesRepository, FoldersRepository } from '@custody/data';
import { newId, type FolderId, type UserId } from '@custody/domain';
import { userContext } from '@custody/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { ReaperBench, type Seed } from '../reaper.fixture.js';
import { EmptyFolders } from './empty-folders.service.js';

describe('emptying deleted folders', () => {
  let bench: ReaperBench;
  let reaper: INestApplicationContext;
  let second: INestApplicationContext;
  const context = userContext();

  beforeAll(async () => {
    bench = await ReaperBench.open();
    reaper = await bench.reaper();
    second = await bench.reaper();
  }, 60_000);
  afterAll(() => bench.close(), 60_000);
  beforeEach(() =>
    bench.database.query('TRUNCATE files, file_versions, folders, tenant_quota, audit_log, outbox, deliveries CASCADE'),
  );

  async function folder(parentId: FolderId | null = null, of = context): Promise<FolderId> {
    const folderId = newId<FolderId>();
    const created = { folderId, parentId, name: folderId, createdBy: newId<UserId>() };
    await reaper.get(FoldersRepository).create(of, created, 32);
    return folderId;
  }
  async function fileIn(folderId: FolderId, of = context): Promise<Seed> {
    const seed = await bench.initiate(of);
    await reaper.get(FilesRepository).update(of, seed.upload.fileId, { folderId }, null);
    return seed;
  }
  const remove = (folderId: FolderId, of = context) =>
    reaper.get(FoldersRepository).delete(of, folderId, 'delete', null);
  const alive = async ({ context: of, upload }: Seed) =>
    (await reaper.get(FilesRepository).find(of, upload.fileId)) !== null;

  it('M30 F17 two reapers delete every file once, level by level, and nothing else', async () => {
    const top = await folder();
    const [left, right] = [await folder(top), await folder(top)];
    const leaf = await folder(left);
    const files: Seed[] = [];
    // More than one step takes, in one of them.
    for (let n = 0; n < 110; n += 1) files.push(await fileIn(leaf));
    for (const one of [top, left, right]) files.push(await fileIn(one));
    const elsewhere = await folder();
    const kept = await fileIn(elsewhere);
    const stranger = userContext();
    const foreign = await fileIn(await folder(null, stranger), stranger);

    expect(await remove(top)).toBe('emptying');
    const [one, two] = await Promise.all([bench.run(reaper, EmptyFolders), bench.run(second, EmptyFolders)]);
    const rest = await bench.run(reaper, EmptyFolders);
    const sum = (kind: string) => [one, two, rest].reduce((total, counts) => total + (counts[kind] ?? 0), 0);
    expect([sum('files'), sum('emptied')]).toEqual([113, 4]);
    expect(await Promise.all(files.map(alive))).not.toContain(true);
    expect([await alive(kept), await alive(foreign)]).toEqual([true, true]);
    const audited = await bench.database.query<{ n: number; files: number }>(
      `SELECT count(*)::int AS n, count(DISTINCT file_id)::int AS files FROM audit_log WHERE action = 'file.deleted' AND actor = $1`,
      [context.actor],
    );
    expect(audited).toEqual([{ n: 113, files: 113 }]);
    expect(await bench.run(reaper, EmptyFolders)).toEqual({});
  });

  it('F2 a step that fails is undone as a whole and done again', async () => {
    const top = await folder();
    const files = [await fileIn(top), await fileIn(top)];
    await remove(top);
    await bench.database.query(
      `CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'out of order'; END $$`,
    );
    await bench.database.query(
      `CREATE TRIGGER fail BEFORE UPDATE ON folders FOR EACH ROW WHEN (NEW.emptied_at IS NOT NULL) EXECUTE FUNCTION fail()`,
    );
    await expect(bench.run(reaper, EmptyFolders)).rejects.toThrow('out of order');
    expect(await Promise.all(files.map(alive))).toEqual([true, true]);
    await bench.database.query('DROP TRIGGER fail ON folders');
    expect(await bench.run(reaper, EmptyFolders)).toEqual({ files: 2, emptied: 1 });
    expect(await Promise.all(files.map(alive))).toEqual([false, false]);
  });
});
