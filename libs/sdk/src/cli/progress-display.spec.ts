import { describe, expect, it } from '@jest/globals';
import type { UploadProgress } from '../upload/progress.js';
import { ProgressDisplay } from './progress-display.js';

const at = (loaded: number, phase: UploadProgress['phase'] = 'uploading'): UploadProgress => ({
  phase,
  loaded,
  total: 1000,
  bytesPerSecond: 100,
  secondsLeft: (1000 - loaded) / 100,
  fileId: 'f',
  error: undefined,
});

describe('ProgressDisplay', () => {
  function display(isLive: boolean) {
    const written: string[] = [];
    const clock = { now: 0 };
    const terminal = {
      json: false,
      isLive,
      columns: 80,
      out: () => undefined,
      err: (text: string) => void written.push(text),
    };
    return { shown: new ProgressDisplay(terminal, 2, () => clock.now), written, clock };
  }

  it('draws one bar over all files on one line', () => {
    const { shown, written } = display(true);
    shown.update('a', at(500));
    shown.update('b', at(250));
    expect(written.at(-1)).toBe(`\r\u001B[2K${'█'.repeat(9)}${'░'.repeat(15)}  37%  0/2 files  200 B/s  0:07 left  b`);
    shown.say('a: available', true);
    expect(written.slice(-2)).toEqual(['\r\u001B[2K', 'a: available\n']);
  });

  it('writes plain lines for a log: each phase, and one in ten seconds', () => {
    const { shown, written, clock } = display(false);
    for (clock.now = 1; clock.now < 25_000; clock.now += 1_000) shown.update('a', at(clock.now / 25));
    shown.update('a', at(1000, 'confirming'));
    expect(written).toEqual([
      'a: 0 B of 1.0 KB, 100 B/s, 0:10 left\n',
      'a: 440 B of 1.0 KB, 100 B/s, 0:06 left\n',
      'a: 880 B of 1.0 KB, 100 B/s, 0:02 left\n',
      'a: sent, confirming\n',
    ]);
  });
});
