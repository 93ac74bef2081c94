import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installIsStale } from './bootstrap.mjs';

const lock = (packages: object) => JSON.stringify({ packages: { '': {}, ...packages } });
const one = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

describe('installIsStale', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'custody-bootstrap-'));
    await mkdir(join(root, 'node_modules'));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function given(wanted: object, present: object): Promise<boolean> {
    await writeFile(join(root, 'package-lock.json'), lock(wanted));
    await writeFile(join(root, 'node_modules', '.package-lock.json'), lock(present));
    return installIsStale(root);
  }

  it('is stale without an installation', async () => {
    await writeFile(join(root, 'package-lock.json'), lock(one));
    expect(installIsStale(root)).toBe(true);
  });

  it('is stale after an installation that did not finish', async () => {
    await given(one, one);
    await writeFile(join(root, 'node_modules', '.package-lock.json'), '{"packages": {');
    expect(installIsStale(root)).toBe(true);
  });

  it('is fresh when the same packages are there', async () => {
    expect(await given(one, one)).toBe(false);
  });

  it('is stale when a package is missing or another version', async () => {
    expect(await given(one, {})).toBe(true);
    expect(await given(one, { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })).toBe(true);
  });

  it('does not look at our own projects', async () => {
    const own = { 'apps/x': { version: '2.0.0' }, 'node_modules/@custody/x': { link: true } };
    expect(await given({ ...one, ...own }, one)).toBe(false);
  });

  it('does not miss the optional package of another platform', async () => {
    expect(await given({ 'node_modules/b': { version: '1.0.0', optional: true } }, {})).toBe(false);
  });
});
