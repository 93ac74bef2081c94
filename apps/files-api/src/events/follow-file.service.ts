import type { StreamEndReason } from '@custody/contracts';
import { FileEventsRepository, type FileFeedPage, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { currentStatusBlock, resetBlock } from './blocks.js';
import { PAGE, readingOf, type Reading } from './reading.js';
import { numberOf, startingPoint } from './starting-point.js';

/** What happens to one file until its newest version is available or rejected. */
@Injectable()
export class FollowFile {
  constructor(private readonly events: FileEventsRepository) {}

  /**
   * The beginning: the status that holds, or all that came after `lastEventId`. Null: it came after the end, there is nothing more.
   * Throws `FILE_NOT_FOUND`.
   */
  async execute(context: StepContext, fileId: FileId, lastEventId: string | undefined): Promise<Reading | null> {
    const page = await this.events.readFile(context, fileId, numberOf(lastEventId), PAGE);
    if (page === null || page.deleted) throw new CustodyError('FILE_NOT_FOUND');
    const start = startingPoint(lastEventId, page);
    if (start === 'resume') {
      const reading = fileReading(page);
      return reading.end === 'final' && reading.text === '' ? null : reading;
    }
    const reset = start === 'fresh' ? '' : resetBlock(start, page.head);
    const text = reset + currentStatusBlock(fileId, page);
    return { text, position: page.head, more: false, end: endOf(page), progress: page.progress };
  }

  /** What came after `position`; the stream ends when the actor may not see the file any more. */
  async continue(context: StepContext, fileId: FileId, position: number): Promise<Reading> {
    const page = await this.events.readFile(context, fileId, position, PAGE);
    return page === null ? { text: '', position, more: false, end: 'not_found' } : fileReading(page);
  }
}

function fileReading(page: FileFeedPage): Reading {
  const reading = readingOf(page);
  return reading.more ? reading : { ...reading, end: endOf(page) };
}

function endOf({ deleted, state }: FileFeedPage): StreamEndReason | null {
  if (deleted) return 'deleted';
  return state === 'available' || state === 'rejected' ? 'final' : null;
}
