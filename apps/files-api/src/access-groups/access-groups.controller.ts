import { RequireScopes } from '@custody/auth';
import type { AccessGroupId } from '@custody/domain';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { AccessGroupIdPipe } from '../requests/id.pipe.js';
import { pageRequestSchema, type Page, type PageRequest } from '../requests/page.js';
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

@Controller('v1/access-groups')
@RequireScopes('files:admin')
export class AccessGroupsController {
  constructor(
    private readonly createGroup: CreateAccessGroup,
    private readonly listGroups: ListAccessGroups,
    private readonly readGroup: ReadAccessGroup,
    private readonly renameGroup: RenameAccessGroup,
    private readonly deleteGroup: DeleteAccessGroup,
  ) {}

  @Creates()
  @Post()
  async create(
    @CurrentCaller() { context }: Caller,
    @Body({ schema: createAccessGroupSchema }) request: CreateAccessGroupRequest,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.createGroup.execute(context, request));
  }

  @Get()
  list(
    @CurrentCaller() { context }: Caller,
    @Query({ schema: pageRequestSchema }) page: PageRequest,
  ): Promise<Page<AccessGroupView>> {
    return this.listGroups.execute(context, page);
  }

  @Get(':groupId')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.readGroup.execute(context, id));
  }

  @Patch(':groupId')
  async rename(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
    @Body({ schema: renameAccessGroupSchema }) request: RenameAccessGroupRequest,
  ): Promise<AccessGroupView> {
    return accessGroupView(await this.renameGroup.execute(context, id, request));
  }

  @Delete(':groupId')
  @HttpCode(204)
  async delete(
    @CurrentCaller() { context }: Caller,
    @Param('groupId', AccessGroupIdPipe) id: AccessGroupId,
  ): Promise<void> {
    await this.deleteGroup.execute(context, id);
  }
}
