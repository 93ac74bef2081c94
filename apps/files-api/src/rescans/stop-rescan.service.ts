import { RescansRepository, type RescanRunRecord, type StepContext } from '@custody/data';
import { CustodyError, type RescanRunId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class StopRescan {
  constructor(private readonly rescans: RescansRepository) {}

  /** The run as it is then; rescans that workers hold come to their end. Throws `RESCAN_NOT_FOUND`. */
  async execute(context: StepContext, id: RescanRunId): Promise<RescanRunRecord> {
    const run = await this.rescans.stop(context, id);
    if (run === null) throw new CustodyError('RESCAN_NOT_FOUND');
    return run;
  }
}
