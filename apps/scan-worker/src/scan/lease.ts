import { LeaseLost } from './interruption.js';

/** Asks PostgreSQL for more time; false: the version belongs to somebody else. */
export type Renewal = () => Promise<boolean>;

/**
 * Holds a claim while its work goes on: renewed every third of its length. Once another worker has the version, or no
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
    this.timer = setInterval(() => void this.tick(), (leaseSec * 1_000) / 3);
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
