import { AccessGroupsRepository, type AccessGroup, type StepContext } from '@custody/data';
import { CustodyError, type AccessGroupId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadAccessGroup {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** Throws `ACCESS_GROUP_NOT_FOUND`. */
  async execute(context: StepContext, id: AccessGroupId): Promise<AccessGroup> {
    const group = await this.groups.find(context, id);
    if (group === null) throw new CustodyError('ACCESS_GROUP_NOT_FOUND');
    return group;
  }
}
