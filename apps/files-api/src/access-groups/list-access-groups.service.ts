import { AccessGroupsRepository, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { pageOf, positionIn, type Page, type PageRequest } from '../requests/page.js';
import { accessGroupView } from './access-group-view.js';
import type { AccessGroupView } from './access-groups.schema.js';

const positionSchema = z.tuple([z.string().refine((name) => !name.includes('\0'))]);

@Injectable()
export class ListAccessGroups {
  constructor(private readonly groups: AccessGroupsRepository) {}

  /** By name. Throws `validation-error` for a foreign cursor. */
  async execute(context: StepContext, { limit, cursor }: PageRequest): Promise<Page<AccessGroupView>> {
    const [after] = positionIn(positionSchema, cursor) ?? [null];
    const rows = await this.groups.list(context, after, limit + 1);
    return pageOf(rows, limit, ({ name }) => [name], accessGroupView);
  }
}
