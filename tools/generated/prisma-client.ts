import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the Prisma client (not committed). It needs no schema engine, whose download is not reachable everywhere. */
export function generatePrismaClient(root: string): void {
  if (!existsSync(join(root, 'prisma', 'schema.prisma'))) return;
  const env = { PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', ...process.env };
  const { status } = spawnSync('prisma', ['generate'], { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`prisma generate ended with status ${String(status)}`);
}
