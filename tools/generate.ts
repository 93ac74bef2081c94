import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { allGenerated } from './generated/all-generated.ts';
import { buildProjects } from './generated/build.ts';
import { generatePrismaClient } from './generated/prisma-client.ts';

const root = new URL('..', import.meta.url).pathname;

generatePrismaClient(root);
buildProjects(root);
for (const { path, text } of await allGenerated(root)) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  console.log(path);
}
