import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lengthOf, missingParts, pieceOf } from './parts.js';

const plans = fc
  .record({ size: fc.integer({ min: 1, max: 300 }), partSize: fc.integer({ min: 1, max: 50 }) })
  .map(({ size, partSize }) => ({ size, partSize, partCount: Math.ceil(size / partSize) }));

describe('parts', () => {
  it('cover the file once, without a gap', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        let at = 0;
        for (let number = 1; number <= plan.partCount; number++) {
          const { start, end } = pieceOf(plan, number);
          expect(start).toBe(at);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBe(plan.size);
      }),
    );
  });

  it('are missing unless they arrived in full', () => {
    fc.assert(
      fc.property(plans, fc.infiniteStream(fc.boolean()), (plan, there) => {
        const numbers = Array.from({ length: plan.partCount }, (_, index) => index + 1);
        const arrived = numbers.filter(() => there.next().value === true);
        const parts = arrived.map((partNumber) => ({ partNumber, size: lengthOf(plan, partNumber) }));
        expect(missingParts(plan, parts)).toEqual(numbers.filter((number) => !arrived.includes(number)));
        expect(
          missingParts(
            plan,
            parts.map((part) => ({ ...part, size: part.size - 1 })),
          ),
        ).toEqual(numbers);
      }),
    );
  });
});
