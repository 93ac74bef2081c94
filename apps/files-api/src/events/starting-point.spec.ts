import fc from 'fast-check';
import { startingPoint } from './starting-point.js';

describe('where a stream begins', () => {
  const feed = { head: 100, trimmed: 10 };

  it.each([
    [undefined, 'fresh'],
    ['', 'fresh'],
    ['100', 'resume'],
    ['10', 'resume'],
    ['9', 'expired'],
    ['0', 'expired'],
    ['101', 'unknown'],
    ['-1', 'unknown'],
    ['1e2', 'unknown'],
    ['9'.repeat(30), 'unknown'],
  ])('%s: %s', (id, expected) => {
    expect(startingPoint(id, feed)).toBe(expected);
  });

  it('of whatever a client sends is one of the four', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(['fresh', 'resume', 'unknown', 'expired']).toContain(startingPoint(id, feed));
      }),
    );
  });
});
