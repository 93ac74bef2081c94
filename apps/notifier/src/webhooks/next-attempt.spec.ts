import { isDelivered, nextAttempt } from './next-attempt.js';

const PAUSES = [5, 300, 1_800];
const answered = (status: number, retryAfterMs: number | null = null) => ({ status, retryAfterMs });
const none = () => 0;

describe('after an attempt', () => {
  it.each([200, 201, 204, 299])('%s is delivered', (status) => {
    expect(isDelivered(answered(status))).toBe(true);
    expect(nextAttempt(answered(status), 0, PAUSES, none)).toEqual({ retrySec: null, gone: false });
  });

  it.each([101, 199, 300, 302, 304, 400, 404, 429, 500, 503])('%s is not', (status) => {
    expect(isDelivered(answered(status))).toBe(false);
    expect(nextAttempt(answered(status), 0, PAUSES, none)).toEqual({ retrySec: 5, gone: false });
  });

  it('no answer is tried again, with growing pauses, until they end', () => {
    expect([0, 1, 2, 3].map((before) => nextAttempt(null, before, PAUSES, none).retrySec)).toEqual([
      5,
      300,
      1_800,
      null,
    ]);
  });

  it('pauses are stretched by up to a fifth', () => {
    expect(nextAttempt(null, 1, PAUSES, () => 0.5).retrySec).toBeCloseTo(330);
    expect(nextAttempt(null, 1, PAUSES, () => 1).retrySec).toBeCloseTo(360);
  });

  it('410 is the end of it', () => {
    expect(nextAttempt(answered(410), 0, PAUSES, none)).toEqual({ retrySec: null, gone: true });
  });

  it('Retry-After of 429 and 503 makes a pause longer, never shorter, and no other status may ask', () => {
    const after = (status: number, ms: number) => nextAttempt(answered(status, ms), 0, PAUSES, none).retrySec;
    expect([after(429, 60_000), after(503, 60_000), after(503, 1_000), after(500, 60_000)]).toEqual([60, 60, 5, 5]);
  });
});
