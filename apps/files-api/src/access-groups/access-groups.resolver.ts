import { RequireScopes } from '@custody/auth';
import type { AccessGroupId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { AccessGroupIdPipe } from '../requests/id.pipe.js';
import { cursorAfter, type PageRequest } from '../requests/page.js';
import { accessGroupView } from './access-group-view.js';
import {
  createAccessGroupSchema,
  renameAccessGroupSchema,
  type AccessGroupView,
  type CreateAccessGroupRequest,
  type RenameAccessGroupRequest,
} from './access-groups.schema.js';
import { CreateAccessGroup } from './create-access-group.service.js';
import { DeleteAccessGroup } from './delete-access-group.service.js';
import { ListAccessGroups } from './list-access-groups.service.js';
import { ReadAccessGroup } from './read-access-group.service.js';
import { RenameAccessGroup } from './rename-access-group.service.js';

@Resolver()
@RequireScopes('files:admin')
export class AccessGroupsResolver {
  constructor(
    private readonly create: CreateAccessGroup,
    private readonly list: ListAccessGroups,
    private readonly read: ReadAccessGroup,
    private readonly rename: RenameAccessGroup,
    private readonly remove: DeleteAccessGroup,
  ) {}

  @Query()
  async accessGroup(
    @CurrentCaller() { context }: Caller,
    @Args('id', AccessGroupIdPipe) id: AccessGroupId,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.read.execute(context, id));
  }

  @Query()
  async accessGroups(
    @CurrentCaller() { context }: Caller,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<AccessGroupView>> {
    return connection(await this.list.execute(context, page), page, ({ name }) => cursorAfter([name]));
  }

  @Creates()
  @Mutation()
  async createAccessGroup(
    @CurrentCaller() { context }: Caller,
    @Args('input', new SchemaPipe(createAccessGroupSchema)) request: CreateAccessGroupRequest,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.create.execute(context, request));
  }

  @Mutation()
  async renameAccessGroup(
    @CurrentCaller() { context }: Caller,
    @Args('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Args(new SchemaPipe(renameAccessGroupSchema)) request: RenameAccessGroupRequest,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.rename.execute(context, id, request));
  }

  @Mutation()
  async deleteAccessGroup(
    @CurrentCaller() { context }: Caller,
    @Args('groupId', AccessGroupIdPipe) id: AccessGroupId,
  ): Promise<AccessGroupId> {
    await this.remove.execute(context, id);
    return id;
  }
}
