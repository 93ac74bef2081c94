import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readEnvFile, writeEnvFile } from './env-file.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'custody-env-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('the env file', () => {
  const env = { PLAIN: 'a', URL: 'postgresql://u:p@127.0.0.1:1/x?a=b&c=d', ODD: `it's $HOME "and" \`id\` \\` };

  it('reads back as written', async () => {
    expect(await readEnvFile(await writeEnvFile(dir, env))).toEqual(env);
  });

  it('means the same to a shell', async () => {
    const file = await writeEnvFile(dir, env);
    const seen = execFileSync('sh', ['-c', `. "${file}"; printf '%s' "$ODD"`], { encoding: 'utf8' });
    expect(seen).toBe(env.ODD);
  });

  it('is readable by its owner only, even where a file with other rights was', async () => {
    await writeFile(path.join(dir, 'env'), 'old', { mode: 0o644 });
    const file = await writeEnvFile(dir, env);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dir)).toEqual(['env']);
  });
});
