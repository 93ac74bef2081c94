import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { projectFolders } from '../lint/projects.ts';
import { releaseProjects } from './release-projects.ts';

/** What the migration Job runs: `tools/migrate.ts` and all it imports. */
const migration = ['tools/migrate.ts', 'tools/stack/migrations.ts', 'prisma/migrations'];
const needed = (path: string) => !/(\.d\.ts|\.tsbuildinfo|([.-]spec|\.fixture)\.js(\.map)?)$/.test(basename(path));

/**
 * Copies what production needs of a built repository to the folder `out`: every manifest (npm wants all that the lock
 * names), the compiled projects, the migrations. The packages are still to be installed.
 */
export async function stageRelease(root: string, out: string): Promise<void> {
  const manifests = projectFolders(root).map((folder) => `${folder}/package.json`);
  const compiled = releaseProjects(root).map((folder) => `${folder}/dist`);
  await mkdir(out, { recursive: true });
  for (const path of ['package-lock.json', ...manifests, ...compiled, ...migration]) {
    await cp(join(root, path), join(out, path), { recursive: true, filter: needed });
  }
  await writeFile(join(out, 'package.json'), await withoutDevelopment(join(root, 'package.json')));
}

/**
 * `--omit=dev` alone leaves 250 MB too much: the Prisma CLI is also an optional peer of its client, and npm keeps an
 * optional peer that the root asks for, whatever for.
 */
async function withoutDevelopment(manifest: string): Promise<string> {
  const content = JSON.parse(await readFile(manifest, 'utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...content, devDependencies: undefined }, null, 2);
}
