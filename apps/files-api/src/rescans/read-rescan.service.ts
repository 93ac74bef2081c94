import { RescansRepository, type RescanRunRecord, type StepContext } from '@custody/data';
import { CustodyError, type RescanRunId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadRescan {
  constructor(private readonly rescans: RescansRepository) {}

  /** Throws `RESCAN_NOT_FOUND`. */
  async execute(context: StepContext, id: RescanRunId): Promise<RescanRunRecord> {
    const run = await this.rescans.find(context, id);
    if (run === null) throw new CustodyError('RESCAN_NOT_FOUND');
    return run;
  }
}
