import { setTimeout as delay } from 'node:timers/promises';
import type { Bench } from './bench.ts';
import { type BenchCase, type Contest, Skipped } from './bench-case.ts';
import { type Result, resultsOf } from './result.ts';
import { medians, type Sample } from './statistics.ts';

const CASE_WITHIN_MS = 40 * 60_000;

/** One case after the other; what is skipped or fails is a result too, and never silent. */
export async function runCases(
  cases: readonly BenchCase[],
  bench: Bench,
  repeat: number | undefined,
  say: (text: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of cases) {
    say(`${one.name} …`);
    try {
      results.push(...(await inTime(runCase(one, bench, repeat ?? one.repeat ?? bench.repeat))));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`${error instanceof Skipped ? 'SKIPPED' : 'FAILED'} ${one.name}: ${reason}`);
      results.push({ case: one.name, outcome: error instanceof Skipped ? 'skipped' : 'failed', reason });
    }
  }
  return results;
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const late = delay(CASE_WITHIN_MS, undefined, { signal: ended.signal }).then(() => {
    throw new Error(`it took longer than ${CASE_WITHIN_MS / 60_000} minutes`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    ended.abort();
    late.catch(() => undefined);
  }
}

async function runCase(one: BenchCase, bench: Bench, repeat: number): Promise<Result[]> {
  const contest = await one.prepare(bench);
  try {
    const { figures, ceilings } = await interleave(contest, repeat);
    return resultsOf(one, contest.lines, { figure: medians(figures), ceiling: medians(ceilings) });
  } finally {
    await contest.close?.();
  }
}

/** Figure and ceiling take turns, and the turn to begin: what the machine does meanwhile hits both. */
async function interleave(contest: Contest, repeat: number): Promise<{ figures: Sample[]; ceilings: Sample[] }> {
  const figures: Sample[] = [];
  const ceilings: Sample[] = [];
  const measure = {
    figure: async () => figures.push(await contest.figure()),
    ceiling: async () => contest.ceiling && ceilings.push(await contest.ceiling()),
  };
  for (let round = 0; round < repeat; round += 1) {
    const order = round % 2 === 0 ? (['figure', 'ceiling'] as const) : (['ceiling', 'figure'] as const);
    for (const side of order) await measure[side]();
  }
  return { figures, ceilings };
}
