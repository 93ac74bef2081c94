import { globSync } from 'node:fs';
import { join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';
import type { GeneratedFile, Generator } from './generator.ts';

/** Everything the generators in tools/generate make, formatted. */
export async function allGenerated(root: string): Promise<GeneratedFile[]> {
  const modules = globSync('tools/generate/*.generator.ts', { cwd: root }).sort();
  const files: GeneratedFile[] = [];
  for (const module of modules) {
    const { generator } = (await import(join(root, module))) as { generator: Generator };
    for (const file of await generator.generate(root)) files.push(await formatted(root, file));
  }
  return files;
}

async function formatted(root: string, { path, text }: GeneratedFile): Promise<GeneratedFile> {
  const absolute = join(root, path);
  const { ignored } = await getFileInfo(absolute, { ignorePath: join(root, '.prettierignore') });
  if (ignored) return { path, text };
  return { path, text: await format(text, { ...(await resolveConfig(absolute)), filepath: absolute }) };
}
