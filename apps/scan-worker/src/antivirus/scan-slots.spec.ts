import { ScanSlots } from './scan-slots.js';

describe('ScanSlots', () => {
  const never = new AbortController().signal;

  it('tells who can give way as soon as somebody has to wait, and then serves in turn', async () => {
    const slots = new ScanSlots(1);
    const [release, told] = [await slots.acquire(never), new AbortController()];
    let crowded = false;
    const watching = slots.whenCrowded(told.signal).then(() => (crowded = true));
    await Promise.resolve();
    expect(crowded).toBe(false);
    const waiting = slots.acquire(never);
    await watching;
    expect(crowded).toBe(true);
    release();
    const next = await waiting;
    next();
    await expect(slots.acquire(never)).resolves.toBeDefined();
  });

  it('lets nobody watch for longer than he wants', async () => {
    const [slots, stop] = [new ScanSlots(1), new AbortController()];
    const watching = slots.whenCrowded(stop.signal);
    stop.abort();
    await watching;
    await slots.whenCrowded(stop.signal);
  });
});
