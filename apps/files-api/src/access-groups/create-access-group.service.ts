import { AccessGroupsRepository, type AccessGroup, type StepContext } from '@custody/data';
import { newId, type AccessGroupId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { CreateAccessGroupRequest } from './access-groups.schema.js';

@Injectable()
export class CreateAccessGroup {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** Throws `ACCESS_GROUP_EXISTS`. */
  execute(context: StepContext, { id, name }: CreateAccessGroupRequest): Promise<AccessGroup> {
    return this.groups.create(context, id ?? newId<AccessGroupId>(), name);
  }
}
