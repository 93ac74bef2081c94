import fc from 'fast-check';
import { windowAfter, type Window, type WindowLimits } from './window.js';

function windowsOf(size: number, limits: WindowLimits): Window[] {
  const windows: Window[] = [];
  for (let scanned = 0; scanned < size;) {
    const window = windowAfter(scanned, size, limits);
    windows.push(window);
    scanned = window.end;
  }
  return windows;
}

const limits = fc
  .record({
    maxStreamBytes: fc.integer({ min: 1, max: 5_000 }),
    windowBytes: fc.integer({ min: 1, max: 5_000 }),
    windowOverlapBytes: fc.integer({ min: 1, max: 2_000 }),
  })
  .filter(({ maxStreamBytes, windowBytes }) => Math.min(maxStreamBytes, windowBytes) >= 64);

describe('S12 windows', () => {
  it('cover every byte, never exceed the engine, and hold whole whatever fits into the overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), limits, fc.nat(), (size, given, seed) => {
        const windows = windowsOf(size, given);
        const length = Math.min(given.maxStreamBytes, given.windowBytes);
        const overlap = Math.min(given.windowOverlapBytes, Math.floor(length / 4));
        expect(windows[0]?.start).toBe(0);
        expect(windows.at(-1)?.end).toBe(size);
        expect(windows.every(({ start, end }) => end - start <= length)).toBe(true);
        const needle = { start: seed % size, end: Math.min((seed % size) + overlap, size) };
        expect(windows.some(({ start, end }) => start <= needle.start && needle.end <= end)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('reads at most a third more than the file has', () => {
    const size = 1_000_000;
    const windows = windowsOf(size, { maxStreamBytes: 10_000, windowBytes: 20_000, windowOverlapBytes: 9_000 });
    const read = windows.reduce((sum, { start, end }) => sum + end - start, 0);
    expect(read).toBeLessThan(size * 1.34);
  });
});
