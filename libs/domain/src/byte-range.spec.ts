import fc from 'fast-check';
import { parseRange } from './byte-range.js';

const part = (start: number, end: number) => ({ kind: 'part', start, end });
const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

describe('S26 parseRange', () => {
  it.each([
    ['bytes=0-0', part(0, 0)],
    ['bytes=0-', part(0, 99)],
    ['bytes=10-19', part(10, 19)],
    ['bytes=90-200', part(90, 99)],
    ['bytes=-10', part(90, 99)],
    ['bytes=-999999', part(0, 99)],
    ['BYTES=1-2', part(1, 2)],
    ['bytes= 1-2 ,', part(1, 2)],
    ['bytes=0-99999999999999999999999999', part(0, 99)],
    ['bytes=100-', unsatisfiable],
    ['bytes=99999999999999999999999999-', unsatisfiable],
    ['bytes=-0', unsatisfiable],
    ['bytes=5-4', whole],
    ['bytes=0-1,5-6', whole],
    ['bytes=', whole],
    ['bytes=a-b', whole],
    ['bytes=-', whole],
    ['bytes=1.5-2', whole],
    ['lines=0-1', whole],
    ['', whole],
    [undefined, whole],
  ])('reads %p of 100 bytes', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });

  it('never leaves the representation, whatever the header', () => {
    const number = fc.oneof(fc.nat(200), fc.bigInt(0n, 10n ** 30n)).map(String);
    const spec = fc.tuple(fc.option(number), fc.option(number)).map(([a, b]) => `${a ?? ''}-${b ?? ''}`);
    const header = fc.oneof(
      fc.string(),
      spec.map((one) => `bytes=${one}`),
    );
    fc.assert(
      fc.property(header, fc.integer({ min: 0, max: 150 }), (given, size) => {
        const range = parseRange(given, size);
        if (range.kind !== 'part') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.start).toBeLessThanOrEqual(range.end);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });

  it('gives back exactly a range inside', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), (start, length, rest) => {
        const end = start + length;
        expect(parseRange(`bytes=${start}-${end}`, end + 1 + rest)).toEqual(part(start, end));
      }),
    );
  });
});
