import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { backOff, pause } from './pause.js';
import { retryAfterOf } from './problem.js';

describe('backOff', () => {
  it('doubles up to a ceiling, keeps half of it, and adds what the service asks for', () => {
    expect([1, 2, 3, 10].map((attempt) => backOff(attempt, 0, () => 1))).toEqual([500, 1000, 2000, 15_000]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.nat(600),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, after, r) => {
          const milliseconds = backOff(n, after, () => r) - after * 1000;
          expect(milliseconds).toBeGreaterThanOrEqual(249);
          expect(milliseconds).toBeLessThanOrEqual(15_001);
        },
      ),
    );
  });
});

describe('pause', () => {
  it('ends when the machine is online again, and with its signal', async () => {
    const target = new EventTarget();
    const { addEventListener, removeEventListener } = globalThis;
    globalThis.addEventListener = target.addEventListener.bind(target) as typeof addEventListener;
    globalThis.removeEventListener = target.removeEventListener.bind(target) as typeof removeEventListener;
    try {
      const paused = pause(60_000);
      target.dispatchEvent(new Event('online'));
      await paused;
    } finally {
      Object.assign(globalThis, { addEventListener, removeEventListener });
    }
    const abort = new AbortController();
    const aborted = pause(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(pause(60_000, abort.signal)).rejects.toThrow('enough');
  });
});

describe('retryAfterOf', () => {
  const of = (value: string) => retryAfterOf(new Headers({ 'retry-after': value }), Date.parse('2026-11-21T10:00:00Z'));
  it('reads seconds and dates', () => {
    expect([of('7'), of('Sat, 21 Nov 2026 10:00:05 GMT'), of('Sat, 21 Nov 2026 09:00:00 GMT')]).toEqual([7, 5, 0]);
    expect([of('soon'), retryAfterOf(new Headers())]).toEqual([undefined, undefined]);
  });
});
