import { SharesRepository, type Share, type StepContext } from '@custody/data';
import type { FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ListShares {
  constructor(private readonly shares: SharesRepository) {}

  /** Throws `FILE_NOT_FOUND`, `NOT_THE_OWNER`. */
  execute(context: StepContext, fileId: FileId): Promise<Share[]> {
    return this.shares.list(context, fileId);
  }
}
