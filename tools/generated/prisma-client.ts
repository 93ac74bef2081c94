import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the Prisma client (not committed). It needs no schema engine, whose download is not reachable everywhere. */
export function generatePrismaClient(root: string): void {
  if (!existsSync(join(root, 'prisma', 'schema.prisma'))) return;
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', ...process.env };
  const made = spawnSync('prisma', ['generate'], { cwd: root, env, encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`prisma generate failed:\n${made.stdout}${made.stderr}`);
}
