// The benchmarks, as ratios against ceilings measured in the same run:
//   npm run bench [-- --only presign,confirm] [--quick] [--repeat 5] [--json bench.json] [--doc] [--env <env file of running services>]
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { Bench } from './bench.ts';
import { CASES } from './cases/all-cases.ts';
import { json, table, withTable } from './report.ts';
import type { Result } from './result.ts';
import { runCases } from './run-cases.ts';
import { openServices } from './services.ts';

const root = new URL('../..', import.meta.url).pathname;
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    repeat: { type: 'string' },
    json: { type: 'string' },
    doc: { type: 'boolean', default: false },
    env: { type: 'string' },
  },
});

function chosen() {
  const names = values.only?.split(',');
  const unknown = names?.filter((name) => !CASES.some((one) => one.name === name)) ?? [];
  const known = CASES.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(', ')}; there are: ${known}`);
  return CASES.filter(({ name }) => names?.includes(name) ?? true);
}

async function run(): Promise<boolean> {
  const cases = chosen();
  const dir = join(root, `.local-bench-${process.pid}`);
  const services = await openServices(root, dir, values.env);
  const bench = new Bench({ root, dir, env: services.env, quick: values.quick });
  try {
    const repeat = values.repeat === undefined ? undefined : Number(values.repeat);
    const results = await runCases(cases, bench, repeat, (text) => console.error(text));
    console.log(table(results));
    if (values.json !== undefined) await writeFile(values.json, json(results, new Date()));
    if (values.doc) await writeTable(join(root, 'docs/performance.md'), results);
    return results.every(({ outcome }) => outcome === 'met' || outcome === 'missed');
  } finally {
    await bench.close();
    await services.close();
  }
}

async function writeTable(file: string, results: readonly Result[]): Promise<void> {
  await writeFile(file, withTable(await readFile(file, 'utf8'), results));
  await promisify(execFile)('prettier', ['--write', file], { cwd: root });
}

// A missed target is a number; a case that could not be measured is a failure of the run.
process.exitCode = (await run()) ? 0 : 1;
