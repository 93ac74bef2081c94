import { RequireScopes } from '@custody/auth';
import type { AccessGroupId, UserId } from '@custody/domain';
import { Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { AccessGroupIdPipe, UserIdPipe } from '../requests/id.pipe.js';
import { pageRequestSchema, type Page, type PageRequest } from '../requests/page.js';
import type { MemberView } from './access-groups.schema.js';
import { AddMember } from './add-member.service.js';
import { ListMembers } from './list-members.service.js';
import { RemoveMember } from './remove-member.service.js';

@Controller('v1/access-groups/:groupId/members')
@RequireScopes('files:admin')
export class MembersController {
  constructor(
    private readonly listMembers: ListMembers,
    private readonly addMember: AddMember,
    private readonly removeMember: RemoveMember,
  ) {}

  @Get()
  list(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Query({ schema: pageRequestSchema }) page: PageRequest,
  ): Promise<Page<MemberView>> {
    return this.listMembers.execute(context, id, page);
  }

  @Put(':userId')
  @HttpCode(204)
  async add(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Param('userId', UserIdPipe) userId: UserId,
  ): Promise<void> {
    await this.addMember.execute(context, id, userId);
  }

  @Delete(':userId')
  @HttpCode(204)
  async remove(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Param('userId', UserIdPipe) userId: UserId,
  ): Promise<void> {
    await this.removeMember.execute(context, id, userId);
  }
}
