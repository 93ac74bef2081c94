import type { ClaimedRescan } from '@custody/data';
import { objectKey } from '@custody/domain';
import type { MainObject } from '@custody/storage';
import { ScanProgress, WORKER, type Work } from '../scan/work.js';

/** One claimed rescan: the object in main, under the claim of the rescan. */
export interface RescanWork extends Work {
  readonly version: ClaimedRescan;
  readonly pinned: MainObject;
}

export function rescanWork(version: ClaimedRescan, signal: AbortSignal): RescanWork {
  const { tenantId, fileId, id: versionId, epoch, requestId, bucket } = version;
  const ref = { tenantId, fileId, versionId };
  return {
    ...{ version, ref, signal, progress: new ScanProgress(version.size ?? 0) },
    context: { tenantId, actor: WORKER, ...(requestId !== null && { requestId }) },
    claim: { versionId, epoch, rescan: true },
    pinned: { bucket: 'main', key: objectKey(ref, bucket) },
  };
}
