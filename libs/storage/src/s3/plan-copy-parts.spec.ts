import fc from 'fast-check';
import { planCopyParts } from './plan-copy-parts.js';

const GiB = 1024 ** 3;
const MAX_OBJECT = 5 * 1024 * GiB;

describe('planCopyParts', () => {
  it('covers every byte once, in order, with equal parts but the last', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: MAX_OBJECT }));
    const partSizes = fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 5 * 1024 ** 2, max: 5 * GiB }));
    fc.assert(
      fc.property(sizes, partSizes, (size, partBytes) => {
        const parts = planCopyParts(size, partBytes);
        expect(parts.length).toBeLessThanOrEqual(10_000);
        let next = 0;
        const lengths = new Set<number>();
        for (const [index, part] of parts.entries()) {
          if (part.partNumber !== index + 1 || part.start !== next || part.end < part.start) throw new Error('a gap');
          if (index < parts.length - 1) lengths.add(part.end - part.start + 1);
          next = part.end + 1;
        }
        expect(next).toBe(size);
        expect(lengths.size).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('keeps to the part size that was asked for while 10,000 parts are enough', () => {
    expect(planCopyParts(12, 5)).toEqual([
      { partNumber: 1, start: 0, end: 4 },
      { partNumber: 2, start: 5, end: 9 },
      { partNumber: 3, start: 10, end: 11 },
    ]);
    expect(planCopyParts(10_000 * GiB, GiB)).toHaveLength(10_000);
  });

  it.each([
    [0, 5],
    [-1, 5],
    [1.5, 5],
    [5, 0],
    [Number.NaN, 5],
    [60 * 1024 * GiB, GiB],
  ])('refuses %d bytes by parts of %d', (size, partBytes) => {
    expect(() => planCopyParts(size, partBytes)).toThrow(RangeError);
  });
});
