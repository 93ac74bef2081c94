import type { RescanPolicy } from '@custody/data';

/** What a deployment decides about rescans. An abstract class, so that it is the injection token too. */
export abstract class RescanSettings implements RescanPolicy {
  abstract readonly leaseSec: number;
  abstract readonly maxStarts: number;
  abstract readonly maxWithdrawn: number;
  /** Rescans at a time in this process; 0: it does none. */
  abstract readonly concurrency: number;
  /** Most rescans begun in a minute, by each of those. */
  abstract readonly perMinute: number;
  /** Between two looks for work when there was none. */
  abstract readonly pollSec: number;
  /** Whether newer signatures begin a run over everything. */
  abstract readonly onSignatures: 'on' | 'off';
  /** How long rescans wait when something is away. */
  abstract readonly outageRetrySec: number;
}
