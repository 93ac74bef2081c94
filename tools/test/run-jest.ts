import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tallyOf } from './tally.ts';
import type { JestSummary, Tally } from './tally.ts';
import type { Kind, Selection } from './selection.ts';

export interface JestRun {
  readonly root: string;
  readonly kind: Kind;
  readonly patterns: Selection['patterns'];
  /** folder for what Jest prints, which is also searched for secrets */
  readonly logs: string;
  readonly env: Readonly<Record<string, string>>;
}

const hangs = 'Jest did not exit';
const exitsWithinMs = 30_000;

/** Runs one kind of test, showing Jest's output as it comes. Two files run side by side: each integration and acceptance file has databases, queues and buckets of its own. */
export async function runJest({ root, kind, patterns, logs, env }: JestRun): Promise<Tally> {
  const output = join(logs, `jest-${kind}.json`);
  await rm(output, { force: true });
  const args = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules/jest/bin/jest.js'),
    ...['--selectProjects', kind, '--json', `--outputFile=${output}`, '--passWithNoTests'],
    '--maxWorkers=2',
    ...patterns,
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    // Processes that tests start log there too.
    env: { ...process.env, ...env, TEST_LOG_DIR: logs },
    // --json puts the summary on stdout too; people read stderr.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const endWithUs = () => child.kill();
  process.once('exit', endWithUs);
  child.stderr.on('data', (chunk: Buffer) => {
    // Something a test left open keeps Jest alive for ever; that is a failure, not a reason to wait.
    if (chunk.includes(hangs)) setTimeout(endWithUs, exitsWithinMs).unref();
  });
  const log = createWriteStream(join(logs, `jest-${kind}.log`));
  child.stderr.pipe(log);
  child.stderr.pipe(process.stderr, { end: false });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  process.off('exit', endWithUs);
  return tallyOf(await readSummary(output), exitCode ?? 1);
}

async function readSummary(file: string): Promise<JestSummary | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as JestSummary;
  } catch (error) {
    console.error(`no result from Jest: ${String(error)}`);
    return undefined;
  }
}
