import { Injectable } from '@nestjs/common';
import type { Coverage, EngineVersion, RejectReason, VersionId } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';
import type { ScanProgressRecord, Step } from './records.js';

/** A claim: the version and the epoch that every later compare-and-set names. */
export interface Claim {
  readonly versionId: VersionId;
  readonly epoch: number;
  /** Of a rescan: its claim is in `rescans`, the version itself stays as it is. */
  readonly rescan?: true;
}

/** How far a scan is, in bytes. */
export type ScanReach = Pick<ScanProgressRecord, 'scannedBytes' | 'totalBytes'>;

/** Step 5 of the order of writes. `sha256` is of the pinned bytes, all of them; null when the pass could not read them all. */
export interface VerdictRecord {
  readonly state: 'clean' | 'held' | 'rejected';
  readonly rejectReason: RejectReason | null;
  readonly detail: string | null;
  readonly verdict: 'clean' | 'infected' | 'unscannable' | 'mismatch';
  readonly signature: string | null;
  readonly coverage: Coverage;
  readonly engine: EngineVersion | null;
  readonly sha256: string | null;
  readonly sniffedMimeType: string | null;
}

/** What a worker writes after its claim. Every method compares the epoch; `false`/`applied: false` means: stop, another has it. */
@Injectable()
export class VersionsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @param progress of the scan, which clients see from now on; without it what they saw stays. */
  async renewLease(context: StepContext, claim: Claim, leaseSec: number, progress?: ScanReach): Promise<boolean> {
    return this.truth(context, 'SELECT renew_lease($1, $2, $3, make_interval(secs => $4), $5, $6) AS ok', [
      claim.versionId,
      claim.epoch,
      leaseSec,
      progress?.scannedBytes ?? null,
      progress?.totalBytes ?? null,
    ]);
  }

  /** Gives the claim back for another try after `retryAfterSec`. `refund` 1 when an outage, not the file, was to blame; else 0. */
  async handBack(context: StepContext, claim: Claim, retryAfterSec: number, refund: 0 | 1): Promise<boolean> {
    return this.truth(context, 'SELECT hand_back($1, $2, $3, make_interval(secs => $4), $5) AS ok', [
      claim.versionId,
      claim.epoch,
      retryAfterSec,
      refund,
    ]);
  }

  async recordVerdict(context: StepContext, claim: Claim, verdict: VerdictRecord, leaseSec: number): Promise<Step> {
    const [step] = await this.database.call<Step>(
      context,
      'SELECT * FROM record_verdict($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, make_interval(secs => $15))',
      [
        claim.versionId,
        claim.epoch,
        verdict.state,
        verdict.rejectReason,
        verdict.detail,
        verdict.verdict,
        verdict.signature,
        verdict.coverage,
        verdict.engine?.engine ?? null,
        verdict.engine?.signatures ?? null,
        verdict.engine?.signaturesAt ?? null,
        verdict.sha256,
        verdict.sniffedMimeType,
        leaseSec,
      ],
    );
    return step as Step;
  }

  /** clean → available. */
  async publish(context: StepContext, claim: Claim): Promise<Step> {
    const [step] = await this.database.call<Step>(context, 'SELECT * FROM publish_version($1, $2, $3)', [
      claim.versionId,
      claim.epoch,
    ]);
    return step as Step;
  }

  /** scanning | clean → rejected (failed): no retry can help. */
  async fail(context: StepContext, claim: Claim, detail: string): Promise<boolean> {
    return this.truth(context, 'SELECT fail_version($1, $2, $3, $4) AS ok', [claim.versionId, claim.epoch, detail]);
  }

  private async truth(context: StepContext, text: string, values: readonly unknown[]): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(context, text, values);
    return row?.ok ?? false;
  }
}
