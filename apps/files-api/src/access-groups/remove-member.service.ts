import { AccessGroupsRepository, type StepContext } from '@custody/data';
import { CustodyError, type AccessGroupId, type UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class RemoveMember {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** What the user saw by this membership is gone at once. Throws `MEMBER_NOT_FOUND`, for an absent group too. */
  async execute(context: StepContext, id: AccessGroupId, userId: UserId): Promise<void> {
    if (!(await this.groups.removeMember(context, id, userId))) throw new CustodyError('MEMBER_NOT_FOUND');
  }
}
