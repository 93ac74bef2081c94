import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crashPointsFrom } from './crash-points.js';

describe('crash points', () => {
  it('do nothing unless armed, and only where armed', async () => {
    await crashPointsFrom(undefined).reach('after-copy');
    await crashPointsFrom('mid-pass=kill,before-verdict=pause:/nowhere').reach('after-copy');
  });

  it('hold at a barrier until it opens', async () => {
    const barrier = mkdtempSync(join(tmpdir(), 'custody-barrier-'));
    let passed = false;
    const held = crashPointsFrom(`mid-pass=pause:${barrier}`)
      .reach('mid-pass')
      .then(() => (passed = true));
    expect(existsSync(join(barrier, 'mid-pass.reached'))).toBe(true);
    expect(passed).toBe(false);
    writeFileSync(join(barrier, 'mid-pass.go'), '');
    await held;
    expect(passed).toBe(true);
  });
});
