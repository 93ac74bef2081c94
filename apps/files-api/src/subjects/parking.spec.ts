import { parkingOf } from './parking.js';

describe('parking of events that come before their file', () => {
  it('waits with growing pauses, and all pauses together are the deadline', () => {
    const waits: (number | null)[] = [];
    for (let starts = 1; waits.at(-1) !== null; starts++) waits.push(parkingOf(starts, 60_000));
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, null]);
  });

  it('does not wait without a deadline, nor ever after it, whatever the count', () => {
    expect(parkingOf(1, 0)).toBeNull();
    expect(parkingOf(1_000_000_000, 60_000)).toBeNull();
    expect(parkingOf(2, 1_500)).toBe(500);
  });
});
