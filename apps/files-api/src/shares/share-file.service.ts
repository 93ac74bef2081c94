import { SharesRepository, type Share, type StepContext } from '@custody/data';
import type { FileId, UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { PutShareRequest } from './shares.schema.js';

@Injectable()
export class ShareFile {
  constructor(private readonly shares: SharesRepository) {}

  /** Lets a user read a file; again: gives the share another end. Throws `FILE_NOT_FOUND`, `NOT_THE_OWNER`. */
  execute(context: StepContext, fileId: FileId, userId: UserId, { expiresAt }: PutShareRequest): Promise<Share> {
    return this.shares.put(context, fileId, userId, expiresAt ?? null);
  }
}
