import type { RescanRunRecord } from '@custody/data';
import type { RescanRunView } from './rescans.schema.js';

export function rescanRunView(run: RescanRunRecord): RescanRunView {
  const { id, state, stopReason, reason, startedBy, total, clean, withdrawn, inconclusive, skipped } = run;
  return {
    ...{ runId: id, state, stopReason, reason, startedBy },
    startedAt: run.startedAt.toISOString(),
    endedAt: run.endedAt?.toISOString() ?? null,
    scannedBefore: run.scannedBefore.toISOString(),
    ...{ total, clean, withdrawn, inconclusive, skipped },
  };
}
