import { Injectable } from '@nestjs/common';
import type { Coverage, EngineVersion, FileId, RescanRunId, TenantId } from '@custody/domain';
import { Prisma } from './generated/client.js';
import type { ClaimedVersion, Step } from './records.js';
import type { StepContext, SystemContext } from './step-context.js';
import { SystemDatabase } from './system-database.js';
import type { Claim } from './versions.repository.js';

/** Bounds of a claim; see claim_rescan in the migrations for the order it takes work in. */
export interface RescanPolicy {
  readonly leaseSec: number;
  readonly maxStarts: number;
  /** A run that withdraws as many versions is stopped. */
  readonly maxWithdrawn: number;
}

/** `epoch` and `starts` are the rescan's, not the version's. */
export interface ClaimedRescan extends ClaimedVersion {
  /** Null: asked for by itself. */
  readonly runId: RescanRunId | null;
}

/** `infected` and `altered` withdraw the version, `clean` renews its verdict, the others change nothing. */
export type RescanOutcome = 'clean' | 'infected' | 'altered' | 'missing' | 'inconclusive';

export interface RescanRecord {
  readonly outcome: RescanOutcome;
  readonly detail: string | null;
  readonly signature: string | null;
  readonly coverage: Coverage;
  readonly engine: EngineVersion | null;
}

/** `skipped`: the version was deleted meanwhile. */
export interface RescanStep extends Step {
  readonly outcome: RescanOutcome | 'skipped' | null;
}

export interface RescanClaim {
  readonly tenantId: TenantId;
  readonly claim: Claim;
}

/** The queue of rescans as PostgreSQL holds it, across tenants. Every write compares the epoch of the claim. */
@Injectable()
export class SystemRescansRepository {
  constructor(private readonly database: SystemDatabase) {}

  /** The id of the run that begins because the engine has these signatures; null: none has to. */
  async beginSignatureRun(context: SystemContext, signatures: number): Promise<string | null> {
    const [row] = await this.database.call<{ id: string | null }>(
      Prisma.sql`SELECT begin_signature_run(${JSON.stringify(context)}::jsonb, ${signatures}::bigint) AS id`,
    );
    return row?.id ?? null;
  }

  /**
   * Claims the next rescan; null when there is none, or while an upload waits for its scan.
   * @param signatures of the engine, 0 for local ones: a run for newer ones is left to workers that have them.
   * @param batch versions of a run in the queue at a time.
   */
  async claim(
    context: SystemContext,
    policy: RescanPolicy,
    signatures: number,
    batch: number,
  ): Promise<ClaimedRescan | null> {
    const [row] = await this.database.call<ClaimedRescan>(Prisma.sql`
      SELECT * FROM claim_rescan(${JSON.stringify(context)}::jsonb, make_interval(secs => ${policy.leaseSec}::float8),
        ${policy.maxStarts}::int, ${signatures}::bigint, ${batch}::int, ${policy.maxWithdrawn}::int)`);
    return row ?? null;
  }

  async renew({ tenantId, claim: { versionId, epoch } }: RescanClaim, leaseSec: number): Promise<boolean> {
    return this.truth(Prisma.sql`
      SELECT renew_rescan(${tenantId}::uuid, ${versionId}::uuid, ${epoch}::int, make_interval(secs => ${leaseSec}::float8)) AS ok`);
  }

  /** `refund` 1: an upload came first, or an outage was to blame. */
  async handBack({ tenantId, claim }: RescanClaim, retryAfterSec: number, refund: 0 | 1): Promise<boolean> {
    return this.truth(Prisma.sql`
      SELECT hand_back_rescan(${tenantId}::uuid, ${claim.versionId}::uuid, ${claim.epoch}::int,
        make_interval(secs => ${retryAfterSec}::float8), ${refund}::int) AS ok`);
  }

  /** The end of a rescan, with all it means, in one transaction. */
  async record(
    context: StepContext,
    fileId: FileId,
    { versionId, epoch }: Claim,
    { outcome, detail, signature, coverage, engine }: RescanRecord,
    maxWithdrawn: number,
  ): Promise<RescanStep> {
    const [step] = await this.database.call<RescanStep>(Prisma.sql`
      SELECT * FROM record_rescan(${JSON.stringify(context)}::jsonb, ${fileId}::uuid, ${versionId}::uuid, ${epoch}::int,
        ${outcome}, ${detail}, ${signature}, ${coverage}, ${engine?.engine ?? null}, ${engine?.signatures ?? null},
        ${engine?.signaturesAt ?? null}::timestamptz, ${maxWithdrawn}::int)`);
    return step as RescanStep;
  }

  /** Rescans in the queue, and those that workers hold. */
  async backlog(): Promise<{ readonly waiting: number; readonly running: number }> {
    const [row] = await this.database.call<{ waiting: number; running: number }>(
      Prisma.sql`SELECT * FROM rescan_backlog()`,
    );
    return row ?? { waiting: 0, running: 0 };
  }

  /** Available versions, and how many of them were scanned with older signatures only. Reads all of them: not for every scrape. */
  async coverage(signatures: number): Promise<{ readonly stale: number; readonly available: number }> {
    const [row] = await this.database.call<{ stale: number; available: number }>(
      Prisma.sql`SELECT * FROM verdict_coverage(${signatures}::bigint)`,
    );
    return row ?? { stale: 0, available: 0 };
  }

  /** Deletes up to `limit` verdicts that were replaced and are older than `keepSec`, never a version's first; returns how many. */
  async trimVerdicts(keepSec: number, limit: number): Promise<number> {
    const [row] = await this.database.call<{ trimmed: number }>(
      Prisma.sql`SELECT trim_past_verdicts(make_interval(secs => ${keepSec}::float8), ${limit}::int) AS trimmed`,
    );
    return row?.trimmed ?? 0;
  }

  private async truth(statement: Prisma.Sql): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(statement);
    return row?.ok ?? false;
  }
}
