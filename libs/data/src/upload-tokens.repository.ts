import { Injectable } from '@nestjs/common';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** What is written down of an upload token, which is stored nowhere. */
export interface GrantedUploadToken {
  readonly id: string;
  readonly bucket?: string;
  readonly folderId?: string;
  readonly expiresAt: Date;
}

@Injectable()
export class UploadTokensRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Writes the audit row of a token about to be handed out. Throws `FOLDER_NOT_FOUND`. */
  async grant(context: StepContext, { id, ...bounds }: GrantedUploadToken): Promise<void> {
    await this.database.call(context, 'SELECT grant_upload_token($1, $2, $3)', [
      bounds.folderId ?? null,
      JSON.stringify({ tokenId: id, ...bounds }),
    ]);
  }
}
