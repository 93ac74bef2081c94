import type { FileId, RejectReason, RescanRunId, VersionId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export const RESCAN_RUN_STATES = ['running', 'done', 'stopped'] as const;
export type RescanRunState = (typeof RESCAN_RUN_STATES)[number];
/** `too_many_withdrawn`: more than a run may withdraw; it is rather the signatures that are wrong. */
export const RESCAN_STOP_REASONS = ['asked', 'too_many_withdrawn'] as const;
export type RescanStopReason = (typeof RESCAN_STOP_REASONS)[number];

/** A run over the versions of a tenant (table rescan_runs). Counts of versions. */
export interface RescanRunRecord {
  readonly id: RescanRunId;
  readonly state: RescanRunState;
  readonly stopReason: RescanStopReason | null;
  readonly reason: string | null;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly scannedBefore: Date;
  /** There were as many when it began. */
  readonly total: number;
  readonly clean: number;
  readonly withdrawn: number;
  readonly inconclusive: number;
  readonly skipped: number;
}

/** What became of the request to rescan one version. */
export type RequestedRescan =
  | { readonly outcome: 'no_file' | 'no_version' | 'unavailable' }
  | { readonly outcome: 'queued' | 'running'; readonly versionId: VersionId; readonly requestedAt: Date };

/** Why a version that could be read is rejected now. */
export interface Withdrawal {
  readonly reason: RejectReason;
  readonly signature: string | null;
  readonly withdrawnAt: Date;
}

/** Rescans as a tenant's administrators ask for them. */
@Injectable()
export class RescansRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Queues a version before all runs; `null`: the one that speaks for the file. Repeating it queues it once. */
  async request(
    context: StepContext,
    fileId: FileId,
    versionId: VersionId | null,
    reason: string | null,
  ): Promise<RequestedRescan> {
    const [row] = await this.database.call<RequestedRescan>(context, 'SELECT * FROM request_rescan($1, $2, $3, $4)', [
      ...[fileId, versionId, reason],
    ]);
    return row ?? { outcome: 'no_file' };
  }

  /** The run that is under way when there is one, else a new one over what was last scanned before `scannedBefore` (null: now). */
  async start(context: StepContext, reason: string | null, scannedBefore: Date | null): Promise<RescanRunRecord> {
    const run = await this.run(context, 'SELECT * FROM start_rescan_run($1, $2, $3)', [reason, scannedBefore]);
    // It may have ended between the two statements of the step: then it is asked for once more.
    return run ?? this.start(context, reason, scannedBefore);
  }

  async find(context: StepContext, id: RescanRunId): Promise<RescanRunRecord | null> {
    return this.run(context, 'SELECT * FROM find_rescan_run($1, $2)', [id]);
  }

  /** Newest first, after the given one. */
  async list(context: StepContext, after: RescanRunId | null, limit: number): Promise<RescanRunRecord[]> {
    return this.database.call<RescanRunRecord>(context, 'SELECT * FROM list_rescan_runs($1, $2, $3)', [after, limit]);
  }

  /** The run as it is then; null: the tenant has no such run. */
  async stop(context: StepContext, id: RescanRunId): Promise<RescanRunRecord | null> {
    return this.run(context, 'SELECT * FROM stop_rescan_run($1, $2)', [id]);
  }

  /** Null: the version was not withdrawn, or is not there. */
  async withdrawal(context: StepContext, fileId: FileId, versionId: VersionId): Promise<Withdrawal | null> {
    const [row] = await this.database.call<Withdrawal>(context, 'SELECT * FROM find_withdrawal($1, $2, $3)', [
      ...[fileId, versionId],
    ]);
    return row ?? null;
  }

  private async run(context: StepContext, text: string, values: readonly unknown[]): Promise<RescanRunRecord | null> {
    const [row] = await this.database.call<RescanRunRecord>(context, text, values);
    return row ?? null;
  }
}
