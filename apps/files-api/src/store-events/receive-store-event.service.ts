import { ConfirmUpload } from '@custody/confirm';
import { CustodyError, ERRORS, parseStagingKey, type VersionRef } from '@custody/domain';
import { currentMeta } from '@custody/observability';
import { Injectable } from '@nestjs/common';
import { decodeKey, type StoreEvent } from './store-event.schema.js';

/** An event says where to look; what is there, and whether anybody asked for it, confirm finds out itself (M23). */
@Injectable()
export class ReceiveStoreEvent {
  constructor(private readonly confirm: ConfirmUpload) {}

  /** Throws only what makes another delivery worth while: `STORE_UNAVAILABLE`, `SERVICE_UNAVAILABLE`. */
  async execute(event: StoreEvent): Promise<void> {
    for (const record of event.Records) {
      const ref = parseStagingKey(decodeKey(record.s3.object.key) ?? '');
      if (ref !== null) await this.confirmOne(ref);
    }
  }

  private async confirmOne({ tenantId, fileId, versionId }: VersionRef): Promise<void> {
    try {
      const context = { tenantId, actor: 'system:store-event', ...currentMeta() } as const;
      await this.confirm.execute(context, fileId, versionId);
    } catch (error) {
      // Refusals are answers about the upload, for its owner; the store has nothing to try again.
      if (!(error instanceof CustodyError) || ERRORS[error.code].status >= 500) throw error;
    }
  }
}
