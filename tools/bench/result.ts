import type { BenchCase, Line } from './bench-case.ts';
import type { Sample } from './statistics.ts';

export interface Measured {
  readonly case: string;
  readonly outcome: 'met' | 'missed';
  readonly title: string;
  readonly unit: string;
  readonly figure: number;
  readonly ceiling: number | null;
  /** What is judged: the figure, its ratio to the ceiling, or the difference. */
  readonly judged: number;
  readonly target: string;
}

export interface Unmeasured {
  readonly case: string;
  readonly outcome: 'skipped' | 'failed';
  readonly reason: string;
}

export type Result = Measured | Unmeasured;

/** One result a line of the case. */
export function resultsOf(
  { name }: Pick<BenchCase, 'name'>,
  lines: readonly Line[],
  medians: { readonly figure: Sample; readonly ceiling: Sample },
): Measured[] {
  return lines.map(({ title, metric, unit, compared, target }) => {
    const figure = medians.figure[metric] ?? Number.NaN;
    const ceiling = compared === 'itself' ? null : (medians.ceiling[metric] ?? Number.NaN);
    const judged = ceiling === null ? figure : compared === 'ratio' ? figure / ceiling : figure - ceiling;
    const met = 'atLeast' in target ? judged >= target.atLeast : judged <= target.atMost;
    const limit = 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
    const suffix = compared === 'ratio' ? '' : ` ${unit}`;
    return {
      case: name,
      outcome: met ? 'met' : 'missed',
      title,
      unit,
      figure,
      ceiling,
      judged,
      target: limit + suffix,
    };
  });
}
