import { SharesRepository, type StepContext } from '@custody/data';
import type { FileId, UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class UnshareFile {
  constructor(private readonly shares: SharesRepository) {}

  /** At once; a download URL handed out before lives to its end. Throws `FILE_NOT_FOUND`, `NOT_THE_OWNER`, `SHARE_NOT_FOUND`. */
  execute(context: StepContext, fileId: FileId, userId: UserId): Promise<void> {
    return this.shares.delete(context, fileId, userId);
  }
}
