import { AccessGroupsRepository, type StepContext } from '@custody/data';
import { CustodyError, type AccessGroupId, type UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class AddMember {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** May be repeated. Throws `ACCESS_GROUP_NOT_FOUND`. */
  async execute(context: StepContext, id: AccessGroupId, userId: UserId): Promise<void> {
    if (!(await this.groups.addMember(context, id, userId))) throw new CustodyError('ACCESS_GROUP_NOT_FOUND');
  }
}
