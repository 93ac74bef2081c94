import type { Tally } from './tally.js';

/**
 * One kind of work of the reaper. Any number of reapers may run a task at once: each piece of work is claimed in PostgreSQL or
 * may be done twice.
 */
export interface ReaperTask {
  /** As in logs and metrics. */
  readonly name: string;

  /**
   * Does all there is to do now, batch by batch, and stops between two pieces of work once `signal` is aborted. One piece that
   * fails is counted and does not stop the others; an outage of PostgreSQL, Redis or the store is thrown.
   */
  execute(signal: AbortSignal): Promise<Tally>;
}
