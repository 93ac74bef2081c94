import { CustodyError, newId, type TenantId } from '@custody/domain';
import { Follower } from './follower.js';
import { framesOf } from './frames.js';
import type { Reading } from './reading.js';

const HOUR = 3_600_000;
const at = (position: number, text = '', end: Reading['end'] = null): Reading => ({ position, text, more: false, end });
const follower = (livesMs = HOUR) => new Follower(newId<TenantId>(), null, new Date(Date.now() + livesMs));

/** The stream of what the readings say, one after the other; after the last one it is left. */
async function told(readings: (Reading | Error)[], heartbeatMs: number, one = follower()): Promise<string[]> {
  const [first, ...rest] = readings as [Reading, ...(Reading | Error)[]];
  const read = async () => {
    const next = rest.shift();
    if (rest.length === 0) one.finish('left');
    else one.wake();
    if (next instanceof Error) throw next;
    return next ?? at(one.position);
  };
  one.wake();
  const frames: string[] = [];
  for await (const frame of framesOf(one, first, read, heartbeatMs)) frames.push(frame);
  return frames.slice(1);
}

describe('the frames of a stream', () => {
  it('outlive an outage of PostgreSQL, and no other error', async () => {
    const outage = new CustodyError('SERVICE_UNAVAILABLE');
    expect(await told([at(1, 'a'), outage, outage, at(2, 'b'), at(2)], HOUR)).toEqual(['a', 'b']);
    await expect(told([at(1), new Error('a fault'), at(2), at(2)], HOUR)).rejects.toThrow('a fault');
  });

  it('hold a heartbeat with the position when all that happens is invisible', async () => {
    const heard = await told([at(1), at(2), at(3), at(4), at(5)], 60);
    expect(heard[0]).toMatch(/^: heartbeat\n\nid: [23]\n\n$/);
    expect(heard.length).toBeGreaterThanOrEqual(2);
  });

  it('end with the reading that says so, and with the token', async () => {
    expect(await told([at(1, 'a', 'final'), at(2, 'b')], HOUR)).toEqual([
      'a',
      expect.stringMatching(/^event: end\ndata: \{"reason":"final",.*\}\n\n$/),
    ]);
    const expired = await told([at(1, 'a'), at(2, 'b'), at(3, 'c')], HOUR, follower(0));
    expect(expired).toEqual(['a', expect.stringContaining('"token_expired"')]);
  });

  it('remember a wake-up that comes while nobody waits', async () => {
    const one = follower();
    one.wake();
    expect(await one.wait(HOUR)).toBe(true);
    expect(await one.wait(1)).toBe(false);
  });
});
