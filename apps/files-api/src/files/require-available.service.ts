import { RescansRepository, type ServedVersion, type StepContext } from '@custody/data';
import { CustodyError } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { available, type AvailableFile } from './available.js';

/** What doors to bytes and URLs ask: a version that was withdrawn is gone for everybody, and administrators learn why. */
@Injectable()
export class RequireAvailable {
  constructor(private readonly rescans: RescansRepository) {}

  /**
   * Throws what `available` throws; for a version that a rescan withdrew `FILE_WITHDRAWN` to administrators, to others
   * `FILE_NOT_FOUND`: a link that worked yesterday tells a stranger nothing.
   */
  async execute(context: StepContext, file: ServedVersion | null): Promise<AvailableFile> {
    if (file?.state === 'rejected') await this.refuseWithdrawn(context, file);
    return available(file);
  }

  private async refuseWithdrawn(context: StepContext, { fileId, versionId }: ServedVersion): Promise<void> {
    const found = await this.rescans.withdrawal(context, fileId, versionId);
    if (found === null) return;
    if (context.isAdmin !== true) throw new CustodyError('FILE_NOT_FOUND');
    const { reason, signature } = found;
    const at = found.withdrawnAt.toISOString();
    const detail = signature === null ? reason.replace('_', ' ') : `${reason}: ${signature}`;
    throw new CustodyError('FILE_WITHDRAWN', `Withdrawn by a rescan at ${at}, ${detail}.`, {
      withdrawn: { reason, signature, at },
    });
  }
}
