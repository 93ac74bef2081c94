import { bytes, count, duration } from './amounts.js';

describe('amounts', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_536, '1.5 KB'],
    [12 * 1_024 ** 2, '12 MB'],
    [999 * 1_024 ** 2, '999 MB'],
    [5 * 1_024 ** 4, '5 TB'],
  ])('%d bytes are %s', (given, text) => {
    expect(bytes(given)).toBe(text);
  });

  it.each([
    [0.2, '1 s'],
    [59.4, '59 s'],
    [170, '3 min'],
    [7_500, '2 h 5 min'],
    [Infinity, ''],
  ])('%d seconds are %s', (given, text) => {
    expect(duration(given)).toBe(text);
  });

  it('one of a thing and many', () => {
    expect([count(1, 'file'), count(1_200, 'file'), count(2, 'entry', 'entries')]).toEqual([
      '1 file',
      '1,200 files',
      '2 entries',
    ]);
  });
});
