import { describe, expect, it } from '@jest/globals';
import { ProgressMeter } from './progress.js';
import type { UploadProgress } from './progress.js';

describe('ProgressMeter', () => {
  function metered(total = 1000) {
    const seen: UploadProgress[] = [];
    const clock = { at: 0 };
    const meter = new ProgressMeter(
      total,
      (progress) => seen.push(progress),
      () => clock.at,
    );
    return { meter, seen, clock };
  }

  it('tells ten times a second at most, with speed and time left', () => {
    const { meter, seen, clock } = metered();
    meter.begin(1000, 200, 'f');
    for (clock.at = 10; clock.at <= 1000; clock.at += 10) meter.move(1, clock.at / 10);
    expect(seen.length).toBeLessThanOrEqual(11);
    expect(seen.at(-1)).toMatchObject({ phase: 'uploading', loaded: 300, total: 1000, fileId: 'f' });
    expect(seen.at(-1)?.bytesPerSecond).toBeCloseTo(100, 5);
    expect(seen.at(-1)?.secondsLeft).toBeCloseTo(7, 5);
  });

  it('counts a part that begins anew once, in what is loaded and not in what was sent', () => {
    const { meter, clock } = metered();
    meter.begin(1000, 0, 'f');
    meter.move(1, 400);
    meter.move(1, 0);
    clock.at = 5000;
    meter.move(1, 300);
    expect(meter.current.loaded).toBe(300);
    meter.settle(1, 500);
    expect(meter.current.loaded).toBe(500);
  });

  it('waits, and goes on with the first byte; a pause drops what was under way', () => {
    const { meter, clock } = metered();
    meter.begin(1000, 0, 'f');
    meter.enter('waiting');
    meter.move(1, 0);
    expect(meter.current.phase).toBe('waiting');
    clock.at = 1000;
    meter.move(1, 10);
    expect(meter.current.phase).toBe('uploading');
    meter.halt();
    expect(meter.current).toMatchObject({ phase: 'paused', loaded: 0, bytesPerSecond: 0, secondsLeft: undefined });
  });
});
