import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildProjects } from '../generated/build.ts';
import { generatePrismaClient } from '../generated/prisma-client.ts';
import { endRecordedProcesses } from '../stack/process.ts';
import { secretsIn } from './log-secrets.ts';
import { runJest } from './run-jest.ts';
import { searchLogs } from './search-logs.ts';
import { parseSelection } from './selection.ts';
import type { Kind } from './selection.ts';
import { sum } from './tally.ts';
import type { Tally } from './tally.ts';
import type { ThrowAwayStack } from './throw-away-stack.ts';

const root = new URL('../..', import.meta.url).pathname;
const dir = join(root, `.local-test-${process.pid}`);
const logs = join(dir, 'log');
const { kinds, patterns } = parseSelection(process.argv.slice(2));
const tallies: Tally[] = [];
let stack: ThrowAwayStack | undefined;

async function runKind(kind: Kind): Promise<void> {
  if (kind !== 'unit') {
    const { startThrowAwayStack } = await import('./throw-away-stack.ts');
    stack ??= await startThrowAwayStack(root, dir, kinds.includes('acceptance') ? ['browser'] : []);
    if (kind === 'acceptance') await stack.startApps();
  }
  tallies.push(await runJest({ root, kind, patterns, logs, env: stack?.env ?? {} }));
}

async function run(): Promise<void> {
  await mkdir(logs, { recursive: true, mode: 0o700 });
  generatePrismaClient(root);
  buildProjects(root);
  for (const kind of kinds) await runKind(kind);
}

/** What goes wrong outside a test is a failure like any other: it must not end the run without its last line. */
async function counted(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error);
    tallies.push({ passed: 0, failed: 1 });
  }
}

let ending = false;
/** Once: a terminal's Ctrl-C comes from the terminal and again from the process that started us. */
function end(): void {
  if (ending) return;
  ending = true;
  // Before the stack is up, its pidfiles say what runs so far.
  void (stack?.stop() ?? endRecordedProcesses(dir)).finally(() => process.exit(130));
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
process.on('disconnect', end);
// Whoever started us waits for our end, not we for theirs.
process.channel?.unref();

await counted(run);
await counted(async () => stack?.stop());
await counted(async () => {
  tallies.push(await searchLogs(logs, secretsIn(stack?.env ?? {})));
});

const { passed, failed } = sum(tallies);
if (failed === 0) await rm(dir, { recursive: true, force: true });
else console.log(`logs: ${logs}`);
process.exitCode = failed === 0 ? 0 : 1;
console.log(`${passed} passed, ${failed} failed`);
