import { PART_MIN_BYTES, planOf, UNDECLARED_SIZE } from '@custody/domain';
import type { ArrivedPart } from '@custody/storage';
import fc from 'fast-check';
import { compareWithNames, compareWithPlan } from './compare-parts.js';

const sizes = fc
  .array(fc.integer({ min: PART_MIN_BYTES, max: 4 * PART_MIN_BYTES }), { maxLength: 5 })
  .chain((full) => fc.integer({ min: 1, max: PART_MIN_BYTES }).map((last) => [...full, last]));
const arrivedOf = (of: readonly number[]): ArrivedPart[] =>
  of.map((size, at) => ({ partNumber: at + 1, size, etag: `e${at}` }));
const namesOf = (parts: readonly ArrivedPart[]) => parts.map(({ partNumber, etag }) => ({ partNumber, etag }));
const sum = (of: readonly number[]) => of.reduce((total, size) => total + size, 0);

describe('parts against what their client names', () => {
  it('agree for any cut, with the size declared or not', () => {
    fc.assert(
      fc.property(sizes, (cut) => {
        const parts = arrivedOf(cut);
        expect(compareWithNames(namesOf(parts), parts, UNDECLARED_SIZE)).toBeNull();
        expect(compareWithNames(namesOf(parts), parts, sum(cut))).toBeNull();
        expect(compareWithNames(namesOf(parts), parts, sum(cut) + 1)?.code).toBe('UPLOAD_INCOMPLETE');
      }),
    );
  });

  it('disagree whenever one is missing, is another, is repeated, or was never named', () => {
    const spoil = fc.constantFrom('missing', 'other', 'repeated', 'unnamed', 'renumbered');
    fc.assert(
      fc.property(sizes, spoil, fc.nat(), (cut, how, seed) => {
        const parts = arrivedOf(cut);
        const at = seed % parts.length;
        const named = namesOf(parts);
        const [one] = named.slice(at);
        if (one === undefined) return;
        if (how === 'missing') parts.splice(at, 1);
        if (how === 'other') named[at] = { ...one, etag: 'another' };
        if (how === 'repeated') named.splice(at, 0, one);
        if (how === 'unnamed') named.splice(at, 1);
        if (how === 'renumbered') named[at] = { ...one, partNumber: one.partNumber + 1 };
        expect(compareWithNames(named, parts, UNDECLARED_SIZE)?.code).toBe('UPLOAD_INCOMPLETE');
      }),
    );
  });

  it('are refused when one before the last is shorter than S3 takes', () => {
    const parts = arrivedOf([PART_MIN_BYTES - 1, 1]);
    expect(compareWithNames(namesOf(parts), parts, UNDECLARED_SIZE)?.errors).toMatchObject([{ pointer: '/parts/1' }]);
  });
});

it('parts against a plan: all of them, of their size, and nothing else', () => {
  const plan = planOf(2 * PART_MIN_BYTES + 5, PART_MIN_BYTES);
  const parts = arrivedOf([PART_MIN_BYTES, PART_MIN_BYTES, 5]);
  expect(compareWithPlan(plan, parts)).toBeNull();
  expect(compareWithPlan(plan, parts.slice(1))?.errors).toMatchObject([{ pointer: '/parts/1' }]);
  expect(compareWithPlan(plan, [...parts, { partNumber: 4, size: 1, etag: 'e' }])?.code).toBe('UPLOAD_INCOMPLETE');
});
