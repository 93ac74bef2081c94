/** What a part of the run adds to the last line. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** The part of Jest's `--json` output that is counted. */
export interface JestSummary {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/**
 * Counts a Jest run. A suite that crashed counts as one failure, a test that did not run has not passed, and a run that
 * Jest itself calls a failure (or that left no summary) is never counted as clean.
 */
export function tallyOf(summary: JestSummary | undefined, exitCode: number): Tally {
  if (summary === undefined) return { passed: 0, failed: 1 };
  const failed =
    summary.numFailedTests + summary.numRuntimeErrorTestSuites + summary.numPendingTests + summary.numTodoTests;
  const unexplained = failed === 0 && (exitCode !== 0 || !summary.success) ? 1 : 0;
  return { passed: summary.numPassedTests, failed: failed + unexplained };
}

export function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}
