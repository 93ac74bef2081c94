import { Module } from '@nestjs/common';
import { AccessGroupsController } from './access-groups.controller.js';
import { AddMember } from './add-member.service.js';
import { CreateAccessGroup } from './create-access-group.service.js';
import { DeleteAccessGroup } from './delete-access-group.service.js';
import { ListAccessGroups } from './list-access-groups.service.js';
import { ListMembers } from './list-members.service.js';
import { MembersController } from './members.controller.js';
import { ReadAccessGroup } from './read-access-group.service.js';
import { RemoveMember } from './remove-member.service.js';
import { RenameAccessGroup } from './rename-access-group.service.js';
import { AccessGroupsResolver } from './access-groups.resolver.js';
import { MembersResolver } from './members.resolver.js';

@Module({
  controllers: [AccessGroupsController, MembersController],
  providers: [
    AccessGroupsResolver,
    AddMember,
    CreateAccessGroup,
    DeleteAccessGroup,
    ListAccessGroups,
    ListMembers,
    MembersResolver,
    ReadAccessGroup,
    RemoveMember,
    RenameAccessGroup,
  ],
})
export class AccessGroupsModule {}
