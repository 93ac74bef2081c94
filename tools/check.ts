import { generatePrismaClient } from './generated/prisma-client.ts';
import { compareGenerated } from './generated/compare.ts';
import { findCycles, readImportGraph } from './check/import-cycles.ts';
import { lintCache } from './check/lint-cache.ts';
import { runSteps } from './check/run-steps.ts';
import { runProgram } from './check/step.ts';
import type { Step } from './check/step.ts';

const root = new URL('..', import.meta.url).pathname;
const program = (name: string, ...args: string[]) => runProgram(root, name, args);

process.env['NX_DAEMON'] = 'false';
// Types, lint and build all read the client, which is not committed.
generatePrismaClient(root);

const steps: Step[] = [
  { name: 'types', run: () => program('tsc', '-b') },
  {
    name: 'format',
    run: () =>
      program('prettier', '--check', '--cache', '--cache-location', '.nx/prettier', '--log-level', 'warn', '.'),
  },
  {
    name: 'lint and boundaries',
    after: 'types',
    run: () =>
      program(
        'eslint',
        '.',
        '--max-warnings',
        '0',
        '--cache',
        '--cache-strategy',
        'content',
        '--cache-location',
        lintCache(root),
      ),
  },
  {
    name: 'import cycles',
    run: () => {
      const cycles = findCycles(readImportGraph(root)).map((files) => files.join(' ⇄ '));
      return Promise.resolve({ ok: cycles.length === 0, output: cycles.join('\n') });
    },
  },
  {
    name: 'dead code',
    run: () => program('knip', '--cache', '--cache-location', '.nx/knip', '--no-progress', '--no-config-hints'),
  },
  { name: 'build', run: () => program('nx', 'run-many', '-t', 'build', '--outputStyle=static') },
  { name: 'generated files', after: 'build', run: () => compareGenerated(root) },
];

const started = performance.now();
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(1)} s`.padStart(7);
const finished = await runSteps(steps, 2, ({ name, ok, milliseconds, output }) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${seconds(milliseconds)}  ${name}`);
  if (!ok) console.log(output.trimEnd());
});
const failed = finished.filter(({ ok }) => !ok);
console.log(
  `check: ${failed.length === 0 ? 'ok' : `${failed.length} failed`} in ${seconds(performance.now() - started).trim()}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
