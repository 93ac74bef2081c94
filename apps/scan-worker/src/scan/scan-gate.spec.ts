import { ScanGate } from './scan-gate.service.js';

describe('ScanGate', () => {
  const signal = new AbortController().signal;
  const gateOf = (state: { away: boolean; asked: number }) =>
    new ScanGate(
      { whenAvailable: () => Promise.resolve() } as never,
      {
        ping: () => {
          state.asked += 1;
          return state.away ? Promise.reject(new Error('away')) : Promise.resolve();
        },
      } as never,
      { outageRetrySec: 7 } as never,
    );

  it('believes an answer of the store for a moment, and asks again once a claim came to nothing', async () => {
    const state = { away: false, asked: 0 };
    const gate = gateOf(state);
    for (let wakeUp = 0; wakeUp < 5; wakeUp += 1) await gate.pass(signal);
    expect(state.asked).toBe(1);
    gate.doubt();
    state.away = true;
    await expect(gate.pass(signal)).rejects.toMatchObject({ delayMs: 7_000 });
    expect(state.asked).toBe(2);
  });

  it('F10 lets nobody pass while the store is away, however often it is asked', async () => {
    const state = { away: true, asked: 0 };
    const gate = gateOf(state);
    for (let wakeUp = 0; wakeUp < 3; wakeUp += 1)
      await expect(gate.pass(signal)).rejects.toMatchObject({ message: 'the store is away' });
    expect(state.asked).toBe(3);
    state.away = false;
    await expect(gate.pass(signal)).resolves.toBeUndefined();
  });
});
