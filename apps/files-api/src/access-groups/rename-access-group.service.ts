import { AccessGroupsRepository, type AccessGroup, type StepContext } from '@custody/data';
import { CustodyError, type AccessGroupId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { RenameAccessGroupRequest } from './access-groups.schema.js';

@Injectable()
export class RenameAccessGroup {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** Throws `ACCESS_GROUP_NOT_FOUND`, `ACCESS_GROUP_EXISTS`. */
  async execute(context: StepContext, id: AccessGroupId, { name }: RenameAccessGroupRequest): Promise<AccessGroup> {
    const group =
      name === undefined ? await this.groups.find(context, id) : await this.groups.rename(context, id, name);
    if (group === null) throw new CustodyError('ACCESS_GROUP_NOT_FOUND');
    return group;
  }
}
