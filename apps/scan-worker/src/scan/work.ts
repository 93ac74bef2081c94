import type { Claim, ClaimedVersion, StepContext } from '@custody/data';
import { stagingKey, type VersionRef } from '@custody/domain';
import type { StagingVersion } from '@custody/storage';

export const WORKER = 'system:scan-worker';

/** One claimed version on its way: as which tenant, under which claim, which pinned bytes. */
export interface Work {
  readonly version: ClaimedVersion;
  readonly context: StepContext;
  readonly claim: Claim;
  readonly ref: VersionRef;
  /** The only bytes that are read: the pinned version of the staging object. */
  readonly pinned: StagingVersion;
  /** Aborts when the lease is lost or the process has to stop. */
  readonly signal: AbortSignal;
}

export function workOn(version: ClaimedVersion, signal: AbortSignal): Work {
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
  };
}
