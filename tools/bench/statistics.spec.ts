import { describe, expect, it } from '@jest/globals';
import { median, medians, percentile } from './statistics.ts';

describe('statistics', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
  ])('the median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it('percentiles are values that were measured', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    expect([0.5, 0.95, 0.99, 1].map((share) => percentile(values, share))).toEqual([50, 95, 99, 100]);
    expect(percentile([7], 0.01)).toBe(7);
  });

  it('refuses to make a number of nothing', () => {
    expect(() => median([])).toThrow('nothing');
    expect(() => percentile([], 0.5)).toThrow('nothing');
  });

  it('takes the median of each number by itself', () => {
    const samples = [
      { rate: 10, p99: 5 },
      { rate: 30, p99: 1 },
      { rate: 20, p99: 9 },
    ];
    expect(medians(samples)).toEqual({ rate: 20, p99: 5 });
  });
});
