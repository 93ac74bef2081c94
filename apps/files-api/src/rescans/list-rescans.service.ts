import { RescansRepository, type StepContext } from '@custody/data';
import type { RescanRunId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { idSchema } from '../requests/id.schema.js';
import { pageOf, positionIn, type Page, type PageRequest } from '../requests/page.js';
import { rescanRunView } from './rescan-run-view.js';
import type { RescanRunView } from './rescans.schema.js';

const positionSchema = z.tuple([idSchema<RescanRunId>()]);

@Injectable()
export class ListRescans {
  constructor(private readonly rescans: RescansRepository) {}

  /** The tenant's runs, newest first. Throws `validation-error` for a foreign cursor. */
  async execute(context: StepContext, { limit, cursor }: PageRequest): Promise<Page<RescanRunView>> {
    const [after = null] = positionIn(positionSchema, cursor) ?? [];
    const runs = await this.rescans.list(context, after, limit + 1);
    return pageOf(runs, limit, ({ id }) => [id], rescanRunView);
  }
}
