import { AccessGroupsRepository, type StepContext } from '@custody/data';
import { CustodyError, type AccessGroupId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class DeleteAccessGroup {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** With its memberships. Throws `ACCESS_GROUP_NOT_FOUND`, and `ACCESS_GROUP_IN_USE` while files belong to it. */
  async execute(context: StepContext, id: AccessGroupId): Promise<void> {
    const outcome = await this.groups.delete(context, id);
    if (outcome === 'used') throw new CustodyError('ACCESS_GROUP_IN_USE');
    if (outcome === 'absent') throw new CustodyError('ACCESS_GROUP_NOT_FOUND');
  }
}
