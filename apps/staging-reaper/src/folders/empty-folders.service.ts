import { SystemFoldersRepository, type EmptyingStep } from '@custody/data';
import { Injectable } from '@nestjs/common';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

/** Files of one transaction: a step holds their locks until its end. */
const BATCH = 100;

/** Deletes what is in folders that were deleted with their contents (M30); a step that fails is undone as a whole and tried again. */
@Injectable()
export class EmptyFolders implements ReaperTask {
  readonly name = 'empty-folders';

  constructor(private readonly folders: SystemFoldersRepository) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let step: EmptyingStep | null;
    do {
      step = await this.folders.emptyNext(BATCH);
      tally.count('files', step?.files ?? 0);
      tally.count('emptied', step?.emptied === true ? 1 : 0);
    } while (step !== null && !signal.aborted);
    return tally;
  }
}
