import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { inspectArchive } from '../inspect/inspect-archive.js';
import { INSPECTION_DEFAULTS } from '../inspect/inspection.js';
import { pinnedAccess } from './pinned-access.js';

describe('what the pass has kept', () => {
  const signal = new AbortController().signal;
  const bytes = randomBytes(200_000);
  const [head, tail] = [bytes.subarray(0, 65_536), bytes.subarray(-65_557)];

  function bench() {
    const asked: { start: number; end: number }[] = [];
    const store = {
      open: (_: unknown, { start, end }: { start: number; end: number }) => {
        asked.push({ start, end });
        return Promise.resolve({ body: Readable.from([bytes.subarray(start, end + 1)]) });
      },
    };
    const work = { pinned: {}, version: { size: bytes.length } };
    return { asked, access: pinnedAccess(store as never, work as never, { head, tail }) };
  }

  it('is not asked of the store again', async () => {
    const { asked, access } = bench();
    const places = [
      [0, 10],
      [65_000, 536],
      [bytes.length - tail.length, tail.length],
      [bytes.length - 1, 1],
      [bytes.length, 0],
    ] as const;
    for (const [at, length] of places)
      expect(bytes.subarray(at, at + length).equals(await access.read(at, length, signal))).toBe(true);
    expect(asked).toEqual([]);
    for (const [at, length] of [
      [65_000, 537],
      [bytes.length - tail.length - 1, 2],
    ] as const)
      expect(bytes.subarray(at, at + length).equals(await access.read(at, length, signal))).toBe(true);
    expect(asked).toHaveLength(2);
  });

  it('is enough to see that a file is no archive', async () => {
    const { asked, access } = bench();
    expect(await inspectArchive(access, { ...INSPECTION_DEFAULTS, scratchDirectory: '/nowhere' }, signal)).toEqual({
      kind: 'ok',
      members: 0,
      bytes: 0,
    });
    expect(asked).toEqual([]);
  });
});
