import { LocalBudgets } from './local-budgets.js';

describe('budgets of one process', () => {
  let now: number;
  let budgets: LocalBudgets;
  beforeEach(() => {
    now = 0;
    budgets = new LocalBudgets(60_000, () => now);
  });
  const tenant = { key: 't', limit: 3 };
  const user = { key: 't:u', limit: 2 };

  it('takes from all budgets or from none', () => {
    const answers = [1, 2, 3, 4].map(() => budgets.spend([tenant, user]));
    expect(answers.map(({ allowed }) => allowed)).toEqual([true, true, false, false]);
    expect(answers.at(-1)?.states.map(({ remaining }) => remaining)).toEqual([1, 0]);
    expect(budgets.spend([tenant, { key: 't:other', limit: 2 }]).allowed).toBe(true);
    expect(budgets.spend([tenant, { key: 't:third', limit: 2 }]).allowed).toBe(false);
  });

  it('begins a window with its first request', () => {
    now = 10_000;
    budgets.spend([user]);
    now = 69_000;
    expect(budgets.spend([user])).toEqual({ allowed: true, states: [{ remaining: 0, resetMs: 1_000 }] });
    now = 70_000;
    expect(budgets.spend([user])).toEqual({ allowed: true, states: [{ remaining: 1, resetMs: 60_000 }] });
  });

  it('forgets the oldest windows when there are too many', () => {
    const once = (key: string) => budgets.spend([{ key, limit: 1 }]).allowed;
    for (let at = 0; at <= 50_000; at += 1) once(`k${at}`);
    expect(once('k50000')).toBe(false);
    expect(once('k0')).toBe(true);
  });
});
