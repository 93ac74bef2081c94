import { Injectable } from '@nestjs/common';
import type { ClaimedVersion } from '@custody/data';
import { Metrics } from '@custody/observability';

/** Upper edges in seconds: an avatar takes milliseconds, two gigabytes take minutes. */
const SECONDS = [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800];
const labels = ['outcome'] as const;

/** What the worker counts while it works; what a scrape asks for is in WorkerGauges. */
@Injectable()
export class ScanMetrics {
  private readonly claims;
  private readonly seconds;
  private readonly bytes;
  private readonly running;

  constructor(metrics: Metrics) {
    this.claims = metrics.counter({
      name: 'custody_scan_claims_total',
      help: 'Claims by how they ended: available, rejected, held, failed, superseded, back (handed back), lost (lease lost)',
      labels,
    });
    this.seconds = metrics.histogram(
      { name: 'custody_scan_seconds', help: 'From the claim to its end', labels },
      SECONDS,
    );
    this.bytes = metrics.counter({
      name: 'custody_scan_bytes_total',
      help: 'Pinned bytes of the versions that reached an end',
    });
    this.running = metrics.gauge({ name: 'custody_scan_running', help: 'Claims this worker holds' });
  }

  /** Call what it returns once, with how the claim ended. */
  begin(version: ClaimedVersion): (outcome: string) => void {
    const begun = performance.now();
    this.running.inc();
    return (outcome) => {
      this.running.dec();
      this.claims.inc({ outcome });
      this.seconds.observe({ outcome }, (performance.now() - begun) / 1_000);
      if (outcome !== 'back' && outcome !== 'lost') this.bytes.inc(version.size ?? 0);
    };
  }
}
