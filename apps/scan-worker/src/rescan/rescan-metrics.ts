import { SystemRescansRepository } from '@custody/data';
import { Metrics } from '@custody/observability';
import { Injectable } from '@nestjs/common';
import { EngineVersions } from '../scan/engine-versions.service.js';

const ASK_MS = 2_000;
/** All available versions are counted: a scrape may not ask for that each time. */
const COVERAGE_TTL_MS = 300_000;

/** What rescans do, and how much of what is served was scanned with the signatures of today. */
@Injectable()
export class RescanMetrics {
  private readonly rescans;
  private coverage: { share: number; until: number } | undefined;

  constructor(
    metrics: Metrics,
    private readonly queue: SystemRescansRepository,
    private readonly engines: EngineVersions,
  ) {
    this.rescans = metrics.counter({
      name: 'custody_rescans_total',
      help: 'Rescans by how they ended: clean, infected, altered, missing, inconclusive, skipped (deleted meanwhile), back (handed back), lost',
      labels: ['outcome'] as const,
    });
    metrics.measured({ name: 'custody_rescans_waiting', help: 'Versions queued for a rescan' }, async () => {
      return (await queue.backlog()).waiting;
    });
    metrics.measured(
      {
        name: 'custody_verdicts_stale_ratio',
        help: "Share of the available versions that were scanned with older signatures than the engine's only, counted every 5 minutes",
      },
      () => this.staleShare(),
    );
  }

  ended(outcome: string): void {
    this.rescans.inc({ outcome });
  }

  private async staleShare(): Promise<number> {
    if (this.coverage !== undefined && performance.now() < this.coverage.until) return this.coverage.share;
    const { stale, available } = await this.queue.coverage(
      await this.engines.signatureNumber(AbortSignal.timeout(ASK_MS)),
    );
    this.coverage = { share: available === 0 ? 0 : stale / available, until: performance.now() + COVERAGE_TTL_MS };
    return this.coverage.share;
  }
}
