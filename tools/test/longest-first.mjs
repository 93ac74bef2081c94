import TestSequencer from '@jest/test-sequencer';

/** Files that take a minute whatever the machine: begun last, each would run alone while the other worker is idle. */
const LONGEST = ['faults', 'backlog', 'staging', 'races', 'windowed'];

/** Jest's own order goes by the size of the files where it has no times of an earlier run, as on a fresh clone. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.includes(`/${name}.`));
      return at === -1 ? LONGEST.length : at;
    };
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
