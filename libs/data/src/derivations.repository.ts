import { Injectable } from '@nestjs/common';
import type { VersionId } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** What came of a derivation. Pixels as shown; `reason` only of a failed one. Null: unknown, or not of this kind of file. */
export interface DerivationRecord {
  readonly status: 'done' | 'failed';
  readonly reason: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly pageCount: number | null;
  /** Sizes of the thumbnails that are in the store. */
  readonly thumbnails: readonly number[];
}

/** Previews and measures of available versions (M24, M25). */
@Injectable()
export class DerivationsRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Records the outcome and settles the request for it. False: the file is gone, and what was made for it must go too. */
  async record(context: StepContext, versionId: VersionId, outcome: DerivationRecord): Promise<boolean> {
    const [row] = await this.database.call<{ ok: boolean }>(
      context,
      'SELECT record_derivation($1, $2, $3, $4, $5, $6, $7, $8) AS ok',
      [versionId, outcome.status, outcome.reason, outcome.width, outcome.height, outcome.pageCount, outcome.thumbnails],
    );
    return row?.ok ?? false;
  }
}
