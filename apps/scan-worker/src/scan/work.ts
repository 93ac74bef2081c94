import type { Claim, ClaimedVersion, ScanReach, StepContext } from '@custody/data';
import { stagingKey, type VersionRef } from '@custody/domain';
import type { ObjectRef, StagingVersion } from '@custody/storage';

export const WORKER = 'system:scan-worker';

/** How far the scan of one version is; whoever reads moves it on, the lease's renewals report it. In bytes. */
export class ScanProgress implements ScanReach {
  scannedBytes = 0;

  constructor(public totalBytes: number) {}

  /** Nothing to report before the first byte: a scan that goes on elsewhere must not seem to begin anew. */
  get reach(): ScanReach | undefined {
    return this.scannedBytes === 0 ? undefined : this;
  }
}

/** One claimed version on its way: as which tenant, under which claim, which pinned bytes. */
export interface Work {
  readonly version: ClaimedVersion;
  readonly context: StepContext;
  readonly claim: Claim;
  readonly ref: VersionRef;
  /** The only bytes that are read: the pinned version of the staging object or, of a rescan, the object in main. */
  readonly pinned: ObjectRef;
  /** Aborts when the lease is lost or the process has to stop. */
  readonly signal: AbortSignal;
  readonly progress: ScanProgress;
}

/** An upload on its way to main. */
export interface StagedWork extends Work {
  readonly pinned: StagingVersion;
}

export function workOn(version: ClaimedVersion, progress: ScanProgress, signal: AbortSignal): StagedWork {
  const { tenantId, fileId, id: versionId, epoch, storeVersion, requestId, traceparent } = version;
  if (storeVersion === null) throw new Error(`version ${versionId} was claimed without a pin`);
  const ref = { tenantId, fileId, versionId };
  return {
    version,
    context: {
      tenantId,
      actor: WORKER,
      ...(requestId !== null && { requestId }),
      ...(traceparent !== null && { traceparent }),
    },
    claim: { versionId, epoch },
    ref,
    pinned: { bucket: 'staging', key: stagingKey(ref), versionId: storeVersion },
    signal,
    progress,
  };
}
