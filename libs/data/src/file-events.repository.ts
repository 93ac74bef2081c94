import type { FileEventType } from '@custody/contracts';
import type { FileId, RejectReason, VersionId, VersionState } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { ScanProgressRecord } from './records.js';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** A row of `file_events`. `seq` counts the tenant's events in the order of their commits; only `file.status` has a version. */
export interface FileEventRecord {
  readonly seq: number;
  readonly type: FileEventType;
  readonly fileId: FileId;
  readonly versionId: VersionId | null;
  readonly state: VersionState | null;
  readonly rejectReason: RejectReason | null;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** How far the scan of a version has come that runs now. */
export interface RunningScan extends ScanProgressRecord {
  readonly fileId: FileId;
  readonly versionId: VersionId;
}

/** What a reader finds. Everything up to `head` was committed when it looked; everything up to `trimmed` may be forgotten. */
export interface FeedPage {
  readonly head: number;
  readonly trimmed: number;
  readonly events: readonly FileEventRecord[];
  /** Of the scans that run at this moment, whenever they were reported. */
  readonly progress: readonly RunningScan[];
}

/** The same of one file, with its newest version at that moment. */
export interface FileFeedPage extends FeedPage {
  readonly deleted: boolean;
  readonly versionId: VersionId;
  readonly state: VersionState;
  readonly rejectReason: RejectReason | null;
  readonly readAt: Date;
}

/** What happens to the files the actor may see now, in the order of commits (ADR 0018). */
@Injectable()
export class FileEventsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** The tenant's events after a number; with null none, just where the feed is. */
  async readTenant(context: StepContext, after: number | null, limit: number): Promise<FeedPage> {
    const [page] = await this.database.call<FeedPage>(context, 'SELECT * FROM read_tenant_events($1, $2, $3)', [
      after,
      limit,
    ]);
    if (page === undefined) throw new Error('read_tenant_events returned nothing');
    return page;
  }

  /** Null: there is no such file. A deleted one is found, for those who were following it. */
  async readFile(
    context: StepContext,
    fileId: FileId,
    after: number | null,
    limit: number,
  ): Promise<FileFeedPage | null> {
    const [page] = await this.database.call<FileFeedPage>(context, 'SELECT * FROM read_file_events($1, $2, $3, $4)', [
      fileId,
      after,
      limit,
    ]);
    return page ?? null;
  }

  /** The number of the tenant's last event, whoever may see it. */
  async head(context: StepContext): Promise<number> {
    const [row] = await this.database.call<{ head: number }>(context, 'SELECT feed_head($1) AS head');
    return row?.head ?? 0;
  }
}
