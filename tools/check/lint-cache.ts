import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where ESLint may keep its cache. ESLint forgets a file's result only when that file changes, but rules that need types
 * also depend on what it imports; so the place changes with every declaration the compiler wrote and with the rules.
 */
export function lintCache(root: string): string {
  const hash = createHash('sha256');
  const inputs = globSync(
    [
      '{apps,libs}/*/dist/**/*.d.ts',
      '{apps,libs}/*/package.json',
      'dist/tools/**/*.d.ts',
      'tools/lint/*.ts',
      'eslint.config.js',
      'package-lock.json',
      'tsconfig*.json',
    ],
    // Nothing imports a test.
    { cwd: root, exclude: ['**/*spec.d.ts', 'apps/acceptance/dist/**'] },
  );
  for (const input of inputs.sort())
    hash
      .update(input)
      .update('\0')
      .update(readFileSync(join(root, input)));
  const name = hash.digest('hex').slice(0, 16);
  const folder = join(root, '.nx', 'eslint');
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) if (old !== name) rmSync(join(folder, old), { force: true });
  return join(folder, name);
}
