import { RescansRepository, type RescanRunRecord, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import type { StartRescanRequest } from './rescans.schema.js';

@Injectable()
export class StartRescan {
  constructor(private readonly rescans: RescansRepository) {}

  /** A run over the tenant's files; the one that is under way when there is one: two at a time would do the same work twice. */
  execute(context: StepContext, { reason, scannedBefore }: StartRescanRequest): Promise<RescanRunRecord> {
    return this.rescans.start(context, reason ?? null, scannedBefore ?? null);
  }
}
