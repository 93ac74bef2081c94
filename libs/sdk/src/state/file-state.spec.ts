import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { forgiving } from './default-state.js';
import { FileState } from './file-state.js';
import type { UploadState } from './upload-state.js';

const state = (key: string): UploadState => ({
  version: 1,
  key,
  idempotencyKey: 'k',
  multipart: true,
  filename: 'a.bin',
  size: 1,
  startedAt: '2026-11-21T10:00:00.000Z',
});

describe('FileState', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'custody-state-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps what only its owner can read, whatever is in a key', async () => {
    const states = new FileState(join(folder, 'deep/er'));
    expect(await states.list()).toEqual([]);
    const odd = state('["https://a","../../x\n"]');
    await states.set(odd);
    await states.set(state('b'));
    expect(await states.get(odd.key)).toEqual(odd);
    expect((await states.list()).length).toBe(2);
    const names = await readdir(join(folder, 'deep/er'));
    const modes = await Promise.all(
      names.map(async (name) => (await stat(join(folder, 'deep/er', name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o600]);
    await states.delete(odd.key);
    await states.delete(odd.key);
    expect(await states.get(odd.key)).toBeUndefined();
  });

  it('takes what is broken or of another time for nothing', async () => {
    const states = new FileState(folder);
    await states.set(state('a'));
    const [name = ''] = await readdir(folder);
    for (const text of ['{"version":1', 'null', '{"version":2,"key":"a","idempotencyKey":"k"}']) {
      await writeFile(join(folder, name), text);
      expect([await states.get('a'), await states.list()]).toEqual([undefined, []]);
    }
  });

  it('costs an upload nothing when it cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    const states = new FileState(join(folder, 'file'));
    await expect(states.set(state('a'))).rejects.toThrow();
    const kind = forgiving(states);
    await kind.set(state('a'));
    expect([await kind.get('a'), await kind.list()]).toEqual([undefined, []]);
  });
});
