import fc from 'fast-check';
import { retryAfterMs } from './retry-after.js';

const NOON = 'Sat, 21 Nov 2026 12:00:00 GMT';

describe('Retry-After', () => {
  it.each([
    [null, null],
    ['', null],
    ['soon', null],
    ['-5', null],
    ['0', 0],
    ['120', 120_000],
    ['999999999999', 3_600_000],
    ['Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ])('%j is %j ms', (value, expected) => {
    expect(retryAfterMs(value, NOON)).toBe(expected);
  });

  it('is never negative, longer than an hour or not a number', () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string()), (value, date) => {
        const wait = retryAfterMs(value, date);
        return wait === null || (wait >= 0 && wait <= 3_600_000);
      }),
    );
  });
});
