import { CustodyError, type FileId, type UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** Read access of one user to one file. `grantedBy` is an actor as the audit log names it; `expiresAt` null: until taken back. */
export interface Share {
  readonly userId: UserId;
  readonly grantedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

type Outcome = 'done' | 'absent' | 'refused' | 'unshared';

/** Shares of a file (M36). Every method throws `FILE_NOT_FOUND` and, for a file that is visible but not the actor's, `NOT_THE_OWNER`. */
@Injectable()
export class SharesRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Grants, or gives an existing share another end. */
  async put(context: StepContext, fileId: FileId, userId: UserId, expiresAt: Date | null): Promise<Share> {
    const [row] = await this.database.call<Share & { outcome: Outcome }>(
      context,
      'SELECT * FROM put_share($1, $2, $3, $4)',
      [fileId, userId, expiresAt],
    );
    refuseUnlessDone(row?.outcome);
    return row as Share;
  }

  /** All of them, ended ones too, the oldest first. */
  async list(context: StepContext, fileId: FileId): Promise<Share[]> {
    const rows = await this.database.call<Share & { outcome: Outcome }>(context, 'SELECT * FROM list_shares($1, $2)', [
      fileId,
    ]);
    refuseUnlessDone(rows[0]?.outcome);
    return rows.filter(({ userId }: { userId: UserId | null }) => userId !== null);
  }

  /** Throws `SHARE_NOT_FOUND` too. */
  async delete(context: StepContext, fileId: FileId, userId: UserId): Promise<void> {
    const [row] = await this.database.call<{ outcome: Outcome }>(
      context,
      'SELECT delete_share($1, $2, $3) AS outcome',
      [fileId, userId],
    );
    refuseUnlessDone(row?.outcome);
  }
}

function refuseUnlessDone(outcome: Outcome | undefined): void {
  switch (outcome) {
    case 'done':
      return;
    case 'refused':
      throw new CustodyError('NOT_THE_OWNER');
    case 'unshared':
      throw new CustodyError('SHARE_NOT_FOUND');
    case 'absent':
    case undefined:
      throw new CustodyError('FILE_NOT_FOUND');
  }
}
