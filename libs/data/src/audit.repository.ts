import type { FileId, VersionId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** All that are given must hold. SQL function `audit_query` has one condition for each. */
export interface AuditFilter {
  readonly fileId?: FileId | undefined;
  readonly versionId?: VersionId | undefined;
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  /** What stands before the dot of an action. */
  readonly actionGroup?: string | undefined;
  readonly requestId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Written before the row of this id. */
  readonly before?: number | undefined;
}

export type AuditOrder = 'asc' | 'desc';

/** Where a page ended. */
export interface AuditPosition {
  readonly at: Date;
  readonly id: number;
}

/** A row of `audit_log`. `detail` depends on the action and never holds a URL, a token or a key. */
export interface AuditRecord extends AuditPosition {
  readonly actor: string;
  readonly action: string;
  readonly fileId: FileId | null;
  readonly versionId: VersionId | null;
  readonly requestId: string | null;
  readonly detail: Record<string, unknown>;
}

/** The audit log of one tenant (M37): it is read here and written by the steps themselves. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** In order of time, `limit` at most. */
  page(
    context: StepContext,
    filter: AuditFilter,
    order: AuditOrder,
    after: AuditPosition | null,
    limit: number,
  ): Promise<AuditRecord[]> {
    return this.database.call<AuditRecord>(context, 'SELECT * FROM list_audit($1, $2, $3, $4, $5, $6)', [
      // What is undefined is no member in JSON, and so no condition.
      JSON.stringify(filter),
      order,
      after?.at ?? null,
      after?.id ?? null,
      limit,
    ]);
  }

  /** Appends `audit.exported` with this detail; resolves to that row's id, which ends the export. */
  async beginExport(context: StepContext, detail: Record<string, unknown>): Promise<number> {
    const [row] = await this.database.call<{ id: number }>(context, 'SELECT begin_audit_export($1, $2) AS id', [
      JSON.stringify(detail),
    ]);
    if (row === undefined) throw new Error('begin_audit_export returned nothing');
    return row.id;
  }
}
