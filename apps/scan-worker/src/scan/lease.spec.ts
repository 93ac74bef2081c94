import { eventually } from '@custody/testing';
import { LeaseLost } from './interruption.js';
import { Lease } from './lease.js';

describe('a lease', () => {
  it('is renewed while work goes on and left alone after its end', async () => {
    let renewals = 0;
    const lease = new Lease(() => Promise.resolve(++renewals > 0), 0.6);
    await eventually('it was renewed for longer than it lasts', () => renewals >= 5);
    expect(lease.signal.aborted).toBe(false);
    lease.end();
    const atEnd = renewals;
    let later = 0;
    const clock = new Lease(() => Promise.resolve(++later > 0), 0.6);
    await eventually('another one was renewed', () => later >= 4);
    clock.end();
    expect(renewals).toBe(atEnd);
  });

  it('is lost as soon as another worker has the version', async () => {
    const lease = new Lease(() => Promise.resolve(false), 0.06);
    await eventually('it aborts', () => lease.signal.aborted);
    expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
  });

  it('survives a short outage', async () => {
    let asked = 0;
    const lease = new Lease(() => (++asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(true)), 0.9);
    await eventually('it was asked again', () => asked >= 4);
    expect(lease.signal.aborted).toBe(false);
    lease.end();
  });

  it.each([
    ['fail', () => Promise.reject(new Error('away'))],
    ['hang', () => new Promise<boolean>(() => undefined)],
  ])('is lost when its renewals %s for a whole length', async (_, renew) => {
    const begun = performance.now();
    const lease = new Lease(renew, 0.15);
    await eventually('it aborts', () => lease.signal.aborted);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(150);
    expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
  });
});
