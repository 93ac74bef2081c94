import { Injectable } from '@nestjs/common';
import { SystemScanQueueRepository } from '@custody/data';
import { Metrics } from '@custody/observability';
import { VirusScanner } from '../antivirus/virus-scanner.js';
import { EngineVersions } from '../scan/engine-versions.service.js';

const ASK_MS = 2_000;

/** What a scrape asks for: the backlog as PostgreSQL has it, and the state of the engine. */
@Injectable()
export class WorkerGauges {
  constructor(metrics: Metrics, queue: SystemScanQueueRepository, scanner: VirusScanner, engines: EngineVersions) {
    metrics.measured({ name: 'custody_scan_waiting', help: 'Versions a worker could claim now' }, async () => {
      return (await queue.backlog()).waiting;
    });
    metrics.measured(
      { name: 'custody_scan_oldest_waiting_seconds', help: 'How long the first of them has waited' },
      async () => (await queue.backlog()).oldestSec,
    );
    metrics.measured({ name: 'custody_engine_available', help: '1 while the engine answers' }, () =>
      Number(scanner.available),
    );
    metrics.measured(
      {
        name: 'custody_engine_signature_age_seconds',
        help: 'Age of the signatures (S18); NaN when the engine has none of its own',
      },
      async () => (await engines.signatureAgeSec(AbortSignal.timeout(ASK_MS))) ?? Number.NaN,
    );
    metrics.measured(
      {
        name: 'custody_engine_signatures_stale',
        help: '1 when the signatures are older than CLAMD_MAX_SIGNATURE_AGE_HOURS',
      },
      async () => Number(await engines.stale(AbortSignal.timeout(ASK_MS))),
    );
  }
}
