import { PENDING_STATES, TRANSITIONS, VERSION_STATES, canTransition, statusOf } from './version-state.js';

describe('version states', () => {
  it('leads from every pending state to an end', () => {
    const reaches = (from: string, seen = new Set<string>()): Set<string> => {
      for (const next of TRANSITIONS[from as keyof typeof TRANSITIONS])
        if (!seen.has(next)) reaches(next, seen.add(next));
      return seen;
    };
    for (const state of PENDING_STATES)
      expect([...reaches(state)]).toEqual(expect.arrayContaining(['available', 'rejected']));
  });

  it('never leaves an end but to withdraw it, and only a verdict leads to clean (I7, I10)', () => {
    for (const to of VERSION_STATES) {
      expect(canTransition('available', to)).toBe(to === 'rejected');
      expect(canTransition('rejected', to)).toBe(false);
    }
    expect(VERSION_STATES.filter((from) => canTransition(from, 'clean'))).toEqual(['scanning', 'held']);
    expect(VERSION_STATES.filter((from) => canTransition(from, 'available'))).toEqual(['clean']);
  });

  it('shows nothing but available as available (M19)', () => {
    expect(VERSION_STATES.filter((state) => statusOf(state) === 'available')).toEqual(['available']);
  });
});
