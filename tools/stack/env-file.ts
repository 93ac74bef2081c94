import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export type Env = Readonly<Record<string, string>>;

/** Writes `<dir>/env`: shell lines, readable by the owner only, replaced in one step. */
export async function writeEnvFile(dir: string, env: Env): Promise<string> {
  const file = path.join(dir, 'env');
  const lines = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
  // A new file each time: `mode` is ignored for a file that exists.
  const draft = `${file}.${process.pid}`;
  await rm(draft, { force: true });
  await writeFile(draft, lines.join(''), { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
  return file;
}

/** Reads what `writeEnvFile` wrote. */
export async function readEnvFile(file: string): Promise<Env> {
  const text = await readFile(file, 'utf8');
  const pairs = [...text.matchAll(/^export (\w+)='((?:[^']|'\\'')*)'$/gm)].map(
    ([, name = '', value = '']) => [name, value.replaceAll(`'\\''`, `'`)] as const,
  );
  return Object.fromEntries(pairs);
}

function quoted(value: string): string {
  return `'${value.replaceAll(`'`, `'\\''`)}'`;
}
