import { describe, expect, it } from '@jest/globals';
import { parseSelection } from './selection.ts';
import { sum, tallyOf } from './tally.ts';

const clean = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('tallyOf', () => {
  it.each([
    ['a clean run', clean, 0, { passed: 3, failed: 0 }],
    ['a failed test', { ...clean, success: false, numFailedTests: 2 }, 1, { passed: 3, failed: 2 }],
    ['a crashed suite', { ...clean, success: false, numRuntimeErrorTestSuites: 1 }, 1, { passed: 3, failed: 1 }],
    ['a skipped test', { ...clean, numPendingTests: 1 }, 0, { passed: 3, failed: 1 }],
    ['a bad exit without a failed test', clean, 1, { passed: 3, failed: 1 }],
    ['no summary at all', undefined, 0, { passed: 0, failed: 1 }],
  ])('counts %s', (_what, summary, exitCode, expected) => {
    expect(tallyOf(summary, exitCode)).toEqual(expected);
  });

  it('adds up', () => {
    expect(
      sum([
        { passed: 1, failed: 2 },
        { passed: 3, failed: 4 },
      ]),
    ).toEqual({ passed: 4, failed: 6 });
  });
});

describe('parseSelection', () => {
  it('takes kinds and patterns in any order', () => {
    expect(parseSelection(['queues', 'unit'])).toEqual({ kinds: ['unit'], patterns: ['queues'] });
  });

  it('takes every kind when none is named', () => {
    expect(parseSelection([])).toEqual({ kinds: ['unit', 'integration', 'acceptance'], patterns: [] });
  });
});
