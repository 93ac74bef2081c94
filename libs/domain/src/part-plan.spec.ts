import fc from 'fast-check';
import {
  OBJECT_MAX_BYTES,
  PART_MAX_BYTES,
  PART_MIN_BYTES,
  partLength,
  PARTS_MAX,
  planOf,
  planParts,
} from './part-plan.js';

const MiB = 1024 ** 2;
const sizes = fc.oneof(fc.integer({ min: 1, max: 100 * MiB }), fc.integer({ min: 1, max: OBJECT_MAX_BYTES }));

describe('M6 the plan of a multipart upload', () => {
  it('keeps every limit of S3 up to 5 TiB, and its parts make up the whole', () => {
    fc.assert(
      fc.property(sizes, fc.integer({ min: PART_MIN_BYTES, max: PART_MAX_BYTES }), (size, preferred) => {
        const plan = planParts(size, preferred);
        expect(plan.partCount).toBeGreaterThanOrEqual(1);
        expect(plan.partCount).toBeLessThanOrEqual(PARTS_MAX);
        expect(plan.partSize).toBeGreaterThanOrEqual(preferred);
        expect(plan.partSize).toBeLessThanOrEqual(PART_MAX_BYTES);
        const last = partLength(plan, plan.partCount);
        expect(last).toBeGreaterThanOrEqual(1);
        expect(last).toBeLessThanOrEqual(plan.partSize);
        expect((plan.partCount - 1) * plan.partSize + last).toBe(size);
        expect(planOf(size, plan.partSize)).toEqual(plan);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [1, { partSize: 16 * MiB, partCount: 1 }],
    [16 * MiB, { partSize: 16 * MiB, partCount: 1 }],
    [16 * MiB + 1, { partSize: 16 * MiB, partCount: 2 }],
    [200 * 1024 * MiB, { partSize: 21 * MiB, partCount: 9_753 }],
    [OBJECT_MAX_BYTES, { partSize: 525 * MiB, partCount: 9_987 }],
  ])('cuts %i bytes as documented', (size, plan) => {
    expect(planParts(size, 16 * MiB)).toEqual({ size, ...plan });
  });

  it.each([0, -1, 1.5, NaN, OBJECT_MAX_BYTES + 1])('refuses %p bytes', (size) => {
    expect(() => planParts(size, 16 * MiB)).toThrow(RangeError);
  });

  it.each([0, PART_MIN_BYTES - 1, PART_MAX_BYTES + 1])('refuses parts of %p bytes', (preferred) => {
    expect(() => planParts(100, preferred)).toThrow(RangeError);
  });
});
