import { AccessGroupsRepository, type StepContext } from '@custody/data';
import type { AccessGroupId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { pageOf, positionIn, type Page, type PageRequest } from '../requests/page.js';
import { memberView } from './access-group-view.js';
import type { MemberView } from './access-groups.schema.js';
import { ReadAccessGroup } from './read-access-group.service.js';

const positionSchema = z.tuple([z.guid()]);

@Injectable()
export class ListMembers {
  constructor(
    private readonly groups: AccessGroupsRepository,
    private readonly readGroup: ReadAccessGroup,
  ) {}

  /** By user id. Throws `ACCESS_GROUP_NOT_FOUND`, and `validation-error` for a foreign cursor. */
  async execute(context: StepContext, id: AccessGroupId, { limit, cursor }: PageRequest): Promise<Page<MemberView>> {
    const [after] = positionIn(positionSchema, cursor) ?? [null];
    await this.readGroup.execute(context, id);
    const rows = await this.groups.members(context, id, after, limit + 1);
    return pageOf(rows, limit, ({ userId }) => [userId], memberView);
  }
}
