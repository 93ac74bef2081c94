import { Injectable, Logger } from '@nestjs/common';
import { VersionsRepository } from '@custody/data';
import { CrashPoints } from '@custody/observability';
import { ObjectStore } from '@custody/storage';
import type { StagedWork } from '../scan/work.js';

/** After the end of a version, whichever it was: its uploaded bytes go, all versions of them (M18). Best effort: the reaper repeats it. */
@Injectable()
export class ClearStaging {
  private readonly log = new Logger(ClearStaging.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly versions: VersionsRepository,
    private readonly crashPoints: CrashPoints,
  ) {}

  async execute({ context, claim, pinned }: StagedWork): Promise<void> {
    await this.crashPoints.reach('before-cleanup');
    try {
      await this.store.deleteStaging(pinned.key);
      await this.crashPoints.reach('after-cleanup');
      await this.versions.markCleaned(context, claim.versionId);
    } catch (error) {
      this.log.warn(`version ${claim.versionId}: staging is left to the reaper: ${String(error)}`);
    }
  }
}
