import { RequireScopes } from '@custody/auth';
import type { AccessGroupId, UserId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { AccessGroupIdPipe, UserIdPipe } from '../requests/id.pipe.js';
import { cursorAfter, type PageRequest } from '../requests/page.js';
import type { MemberView } from './access-groups.schema.js';
import { AddMember } from './add-member.service.js';
import { ListMembers } from './list-members.service.js';
import { RemoveMember } from './remove-member.service.js';

@Resolver()
@RequireScopes('files:admin')
export class MembersResolver {
  constructor(
    private readonly list: ListMembers,
    private readonly add: AddMember,
    private readonly remove: RemoveMember,
  ) {}

  @Query()
  async accessGroupMembers(
    @CurrentCaller() { context }: Caller,
    @Args('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<MemberView>> {
    return connection(await this.list.execute(context, id, page), page, ({ userId }) => cursorAfter([userId]));
  }

  @Mutation()
  async addAccessGroupMember(
    @CurrentCaller() { context }: Caller,
    @Args('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Args('userId', UserIdPipe) userId: UserId,
  ): Promise<UserId> {
    await this.add.execute(context, id, userId);
    return userId;
  }

  @Mutation()
  async removeAccessGroupMember(
    @CurrentCaller() { context }: Caller,
    @Args('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Args('userId', UserIdPipe) userId: UserId,
  ): Promise<UserId> {
    await this.remove.execute(context, id, userId);
    return userId;
  }
}
