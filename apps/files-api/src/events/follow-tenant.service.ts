import { FileEventsRepository, type StepContext } from '@custody/data';
import { Injectable } from '@nestjs/common';
import { positionBlock, resetBlock } from './blocks.js';
import { PAGE, readingOf, type Reading } from './reading.js';
import { numberOf, startingPoint } from './starting-point.js';

/** What happens to all files of the tenant that the actor may see. */
@Injectable()
export class FollowTenant {
  constructor(private readonly events: FileEventsRepository) {}

  /** The beginning: from now on, or all that came after `lastEventId`. */
  async execute(context: StepContext, lastEventId: string | undefined): Promise<Reading> {
    const page = await this.events.readTenant(context, numberOf(lastEventId), PAGE);
    const start = startingPoint(lastEventId, page);
    if (start === 'resume') return readingOf(page);
    const { head } = page;
    return {
      text: start === 'fresh' ? positionBlock(head) : resetBlock(start, head),
      position: head,
      more: false,
      end: null,
      progress: page.progress,
    };
  }

  async continue(context: StepContext, position: number): Promise<Reading> {
    return readingOf(await this.events.readTenant(context, position, PAGE));
  }
}
