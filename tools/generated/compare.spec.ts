import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { staleFiles } from './compare.ts';

describe('staleFiles', () => {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'custody-generated-'));
    await writeFile(join(root, 'same.json'), '1\n');
    await writeFile(join(root, 'changed.json'), '1\n');
  });
  afterAll(() => rm(root, { recursive: true }));

  it('names the changed and the missing, not the same', async () => {
    const files = ['same', 'changed', 'missing'].map((name) => ({
      path: `${name}.json`,
      text: name === 'changed' ? '2\n' : '1\n',
    }));
    expect(await staleFiles(root, files)).toEqual(['changed.json', 'missing.json']);
  });
});
