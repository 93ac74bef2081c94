import type { ReaperTask } from './reaper-task.js';

/** The tasks of a round, each list in the order in which it runs. */
export class Rounds {
  constructor(
    /** Every round. */
    readonly usual: readonly ReaperTask[],
    /** Every n-th round, after the usual ones: these list whole buckets. */
    readonly listing: readonly ReaperTask[],
    /** On a tick of its own; in a single round the last, since the others write events. */
    readonly relay: ReaperTask,
  ) {}
}
