import { LeaseLost } from './interruption.js';

/** Renewals carry the progress of a scan to who waits for it: no further apart, however long a lease is. */
const LONGEST_BETWEEN_MS = 5_000;

/** Asks PostgreSQL for more time; false: the version belongs to somebody else. */
export type Renewal = () => Promise<boolean>;

/**
 * Holds a claim while its work goes on: renewed every third of its length, and every few seconds. Once another worker has the version, or no
 * renewal got through for a whole length (then another may have it), `signal` aborts with LeaseLost.
 */
export class Lease {
  private readonly abort = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewedAt = performance.now();
  private renewing = false;
  private failure: unknown;

  constructor(
    private readonly renew: Renewal,
    private readonly leaseSec: number,
  ) {
    this.timer = setInterval(() => void this.tick(), Math.min((leaseSec * 1_000) / 3, LONGEST_BETWEEN_MS));
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async tick(): Promise<void> {
    if (performance.now() - this.renewedAt > this.leaseSec * 1_000) return this.lose();
    // A renewal that hangs must not pile up behind itself; the check above ends it.
    if (this.renewing) return;
    this.renewing = true;
    const asked = performance.now();
    try {
      if (await this.renew()) this.renewedAt = asked;
      else this.lose();
    } catch (error) {
      // PostgreSQL is away: the claim stays ours until its length is over, which a later tick sees.
      this.failure = error;
    } finally {
      this.renewing = false;
    }
  }

  private lose(): void {
    this.end();
    this.abort.abort(new LeaseLost(this.failure));
  }
}
