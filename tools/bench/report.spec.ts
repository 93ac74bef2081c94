import { describe, expect, it } from '@jest/globals';
import type { Bench } from './bench.ts';
import { type BenchCase, type Line, Skipped } from './bench-case.ts';
import { json, table, withTable } from './report.ts';
import { runCases } from './run-cases.ts';

const bench = { repeat: 3 } as Bench;
const rate: Line = { title: 'T', metric: 'rate', unit: '/s', compared: 'ratio', target: { atLeast: 0.8 } };

/** A case whose samples are given, and which notes in whose turn it was measured. */
function fixed(lines: readonly Line[], figures: number[], ceilings: number[], turns: string[] = []): BenchCase {
  return {
    name: 'fixed',
    ceiling: 'none',
    prepare: () =>
      Promise.resolve({
        lines,
        figure: () => (turns.push('f'), Promise.resolve({ rate: figures.shift() ?? Number.NaN })),
        ceiling: () => (turns.push('c'), Promise.resolve({ rate: ceilings.shift() ?? Number.NaN })),
      }),
  };
}
const run = (...cases: BenchCase[]) => runCases(cases, bench, undefined, () => undefined);

describe('a run', () => {
  it('lets figure and ceiling take turns, and compares their medians', async () => {
    const turns: string[] = [];
    const [result] = await run(fixed([rate], [90, 10, 80], [100, 100, 1000], turns));
    expect(turns.join('')).toBe('fccffc');
    expect(result).toMatchObject({ figure: 80, ceiling: 100, judged: 0.8, outcome: 'met', target: '≥ 0.8' });
  });

  it.each([
    [{ ...rate, target: { atMost: 2 } }, 300, 'missed', 3],
    [{ ...rate, compared: 'difference', target: { atMost: 5 } }, 104, 'met', 4],
    [{ ...rate, compared: 'itself', target: { atMost: 5 } }, 104, 'missed', 104],
    [rate, 79, 'missed', 0.79],
  ] as const)('judges %j of %d', async (line, figure, outcome, judged) => {
    const [result] = await run(fixed([line], [figure, figure, figure], [100, 100, 100]));
    expect(result).toMatchObject({ outcome, judged });
  });

  it('shows what was skipped and what failed, and goes on', async () => {
    const failing = (error: Error): BenchCase => ({ name: 'x', ceiling: '', prepare: () => Promise.reject(error) });
    const said: string[] = [];
    const cases = [
      failing(new Skipped('no engine')),
      failing(new Error('broken')),
      fixed([rate], [1, 1, 1], [1, 1, 1]),
    ];
    const results = await runCases(cases, bench, 1, (text) => said.push(text));
    expect(results.map(({ outcome }) => outcome)).toEqual(['skipped', 'failed', 'met']);
    expect(table(results)).toMatch(/SKIPPED x: no engine\nFAILED x: broken$/);
    expect(said).toEqual(expect.arrayContaining(['SKIPPED x: no engine', 'FAILED x: broken']));
    expect(JSON.parse(json(results, new Date(0)))).toMatchObject({ when: '1970-01-01T00:00:00.000Z', results });
  });

  it('is a table', async () => {
    const [, , row] = table(await run(fixed([rate], [81.234, 81.234, 81.234], [100, 100, 100]))).split('\n');
    expect(row).toBe('| T | /s | 81.2 | 100 | 0.812 | ≥ 0.8 | ✓ |');
  });

  it('takes the place of the table in a document, and of nothing else', async () => {
    const results = await run(fixed([rate], [81.234, 81.234, 81.234], [100, 100, 100]));
    const document = 'before\n<!-- table -->\nold\n<!-- end of the table -->\nafter';
    expect(withTable(document, results)).toBe(
      `before\n<!-- table -->\n\n${table(results)}\n\n<!-- end of the table -->\nafter`,
    );
    expect(() => withTable('no table', results)).toThrow('<!-- table -->');
  });
});
