import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allGenerated } from './all-generated.ts';
import type { GeneratedFile } from './generator.ts';

/** Whether what is committed is what the generators would write now; names each file that is not. */
export async function compareGenerated(root: string): Promise<{ ok: boolean; output: string }> {
  const stale = await staleFiles(root, await allGenerated(root));
  return { ok: stale.length === 0, output: stale.map((path) => `${path}: run npm run generate`).join('\n') };
}

/** Paths among `files` whose text on disk is missing or different. */
export async function staleFiles(root: string, files: readonly GeneratedFile[]): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, text } of files) {
    const present = await readFile(join(root, path), 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (present !== text) stale.push(path);
  }
  return stale;
}
