import { Injectable } from '@nestjs/common';
import type { OutboxEvent } from '@custody/contracts';
import type { FileId, UserId, VersionId } from '@custody/domain';
import type { FileVersionRecord } from './records.js';
import type { OnceContext, StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export interface NewVersion {
  readonly versionId: VersionId;
  /** The catalogued type; `declaredMimeType` keeps what the client said. */
  readonly mimeType: string;
  readonly declaredMimeType: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly createdBy: UserId;
}

/** A version as the first request of its Idempotency-Key made it; `awaited` false: its upload is over. */
export interface PendingVersion {
  readonly versionId: VersionId;
  readonly awaited: boolean;
}

/** `current`: the version spoke for its file already. */
export type Restoration = 'restored' | 'current' | 'unavailable' | 'no_version' | 'no_file';

/** What an administrator makes of a version that is held. */
export type HeldDecision = 'release' | 'reject';

export interface DecidedVersion {
  readonly outcome: 'decided' | 'not_held' | 'no_version' | 'no_file';
  readonly events: OutboxEvent[];
}

/** The versions of one file (M15, M31). */
@Injectable()
export class FileVersionsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Takes one of `maxPending` places and creates a version beside those there are; `no_file`, or `no_place` when all are taken. */
  async createPending(
    context: StepContext,
    fileId: FileId,
    version: NewVersion,
    maxPending: number,
  ): Promise<'created' | 'no_file' | 'no_place'> {
    const [row] = await this.database.call<{ found: boolean; createdAt: Date | null }>(
      context,
      'SELECT * FROM initiate_version($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      valuesOf(fileId, version, maxPending),
    );
    if (row?.found !== true) return 'no_file';
    return row.createdAt === null ? 'no_place' : 'created';
  }

  /** The same once a key. Throws `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_KEY_IN_FLIGHT`. */
  async createPendingOnce(
    context: OnceContext,
    fileId: FileId,
    version: NewVersion,
    maxPending: number,
  ): Promise<PendingVersion | 'no_file' | 'no_place'> {
    type Row = PendingVersion & { found: boolean; createdAt: Date | null; replayed: boolean };
    const [row] = await this.database.call<Row>(
      context,
      'SELECT * FROM initiate_version_once($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      valuesOf(fileId, version, maxPending),
    );
    if (row?.found !== true) return 'no_file';
    if (row.createdAt === null) return 'no_place';
    context.once.replayed = row.replayed;
    return row;
  }

  /** Newest first, after the version `after` (null: from the newest). Empty for an absent file as well. */
  async list(
    context: StepContext,
    fileId: FileId,
    after: VersionId | null,
    limit: number,
  ): Promise<FileVersionRecord[]> {
    return this.database.call(context, 'SELECT * FROM list_versions($1, $2, $3, $4)', [fileId, after, limit]);
  }

  /** The newest versions of each file, `limit` at most, newest first; by file, without those that are absent. */
  async newest(
    context: StepContext,
    ids: readonly FileId[],
    limit: number,
  ): Promise<ReadonlyMap<FileId, FileVersionRecord[]>> {
    const rows = await this.database.call<FileVersionRecord>(context, 'SELECT * FROM newest_versions($1, $2, $3)', [
      ids,
      limit,
    ]);
    return Map.groupBy(rows, ({ fileId }) => fileId);
  }

  /** Null for an absent, foreign or deleted file, and for a version of another file. */
  async find(context: StepContext, fileId: FileId, versionId: VersionId): Promise<FileVersionRecord | null> {
    const rows = await this.database.call<FileVersionRecord>(context, 'SELECT * FROM find_version($1, $2, $3)', [
      fileId,
      versionId,
    ]);
    return rows[0] ?? null;
  }

  /** As `FilesRepository.grantDownload`, for one version. */
  async grantDownload(
    context: StepContext,
    fileId: FileId,
    versionId: VersionId,
    detail: Record<string, unknown>,
  ): Promise<FileVersionRecord | null> {
    const rows = await this.database.call<FileVersionRecord>(
      context,
      'SELECT * FROM grant_version_download($1, $2, $3, $4)',
      [fileId, versionId, JSON.stringify(detail)],
    );
    return rows[0] ?? null;
  }

  /** Lets an available version speak for its file. */
  async restore(context: StepContext, fileId: FileId, versionId: VersionId): Promise<Restoration> {
    const [row] = await this.database.call<{ outcome: Restoration }>(
      context,
      'SELECT restore_version($1, $2, $3) AS outcome',
      [fileId, versionId],
    );
    return row?.outcome ?? 'no_file';
  }

  /** held → clean, for the next claim to promote, or held → rejected. `reason` goes into the audit log. */
  async decideHeld(
    context: StepContext,
    fileId: FileId,
    versionId: VersionId,
    decision: HeldDecision,
    reason: string,
  ): Promise<DecidedVersion> {
    const [row] = await this.database.call<DecidedVersion>(
      context,
      'SELECT * FROM decide_held_version($1, $2, $3, $4, $5)',
      [fileId, versionId, decision, reason],
    );
    return row ?? { outcome: 'no_file', events: [] };
  }
}

function valuesOf(fileId: FileId, version: NewVersion, maxPending: number): readonly unknown[] {
  const { versionId, mimeType, declaredMimeType, size, sha256, createdBy } = version;
  return [fileId, versionId, mimeType, declaredMimeType, size, sha256, createdBy, maxPending];
}
