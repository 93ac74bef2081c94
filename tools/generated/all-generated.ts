import { globSync } from 'node:fs';
import { join } from 'node:path';
import { format, getFileInfo, resolveConfig } from 'prettier';
import type { GeneratedFile, Generator } from './generator.ts';

/** Everything the generators in tools/generate make, formatted. The projects they read must be built. */
export async function allGenerated(root: string): Promise<GeneratedFile[]> {
  const modules = globSync('tools/generate/*.ts', { cwd: root }).filter((path) => !path.endsWith('.spec.ts'));
  const files: GeneratedFile[] = [];
  for (const module of modules.sort()) {
    const { output, generate } = (await import(join(root, module))) as Generator;
    files.push(await formatted(root, { path: output, text: await generate() }));
  }
  return files;
}

async function formatted(root: string, { path, text }: GeneratedFile): Promise<GeneratedFile> {
  const absolute = join(root, path);
  const { ignored } = await getFileInfo(absolute, { ignorePath: join(root, '.prettierignore') });
  if (ignored) return { path, text };
  return { path, text: await format(text, { ...(await resolveConfig(absolute)), filepath: absolute }) };
}
