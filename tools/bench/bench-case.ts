import type { Sample } from './statistics.ts';
import type { Bench } from './bench.ts';

/** How a figure is judged: by itself, by its ratio to the ceiling's, or by what it takes more than the ceiling. */
export type Compared = 'itself' | 'ratio' | 'difference';

/** One line of the table. */
export interface Line {
  readonly title: string;
  /** Which number of the samples. */
  readonly metric: string;
  readonly unit: string;
  readonly compared: Compared;
  readonly target: { readonly atLeast: number } | { readonly atMost: number };
}

/** What is measured against what; each call is one repetition. Without a ceiling the figure stands for itself. */
export interface Contest {
  readonly lines: readonly Line[];
  figure(): Promise<Sample>;
  ceiling?(): Promise<Sample>;
  close?(): Promise<void>;
}

export interface BenchCase {
  /** For `--only`. */
  readonly name: string;
  /** What the ceiling does, for the reader of the table. */
  readonly ceiling: string;
  /** Repetitions unless `--repeat` says otherwise. */
  readonly repeat?: number;
  /** Warms up what is measured. @throws Skipped when this machine cannot run it */
  prepare(bench: Bench): Promise<Contest>;
}

/** The reason why a case cannot be run here; it is shown in the table. */
export class Skipped extends Error {}
