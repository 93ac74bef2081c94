import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { SystemStagingRepository, type CleanedVersion } from '@custody/data';
import { stagingKey } from '@custody/domain';
import { CrashPoints } from '@custody/observability';
import { ObjectStore } from '@custody/storage';
import type { StagedWork } from '../scan/work.js';

/** Versions that end upon each other are gathered for so long, and so many: one listing and one delete for all of them cost far less. */
const GATHER_MS = 1_000;
const MOST_AT_ONCE = 100;

/**
 * After the end of a version, whichever it was: its uploaded bytes go, all versions of them (M18). The first one at once, those that follow
 * within a second together. Best effort: what a crash leaves is not marked, and the reaper removes it.
 */
@Injectable()
export class ClearStaging implements BeforeApplicationShutdown {
  private readonly log = new Logger(ClearStaging.name);
  private readonly gathered: CleanedVersion[] = [];
  /** Runs while others are to be waited for. */
  private timer: NodeJS.Timeout | undefined;
  private clearing = Promise.resolve();

  constructor(
    private readonly store: ObjectStore,
    private readonly staging: SystemStagingRepository,
    private readonly crashPoints: CrashPoints,
  ) {}

  async execute({ ref }: StagedWork, state: CleanedVersion['state']): Promise<void> {
    await this.crashPoints.reach('before-cleanup');
    this.gathered.push({ ...ref, state });
    if (this.timer !== undefined && this.gathered.length < MOST_AT_ONCE) return;
    this.timer ??= this.wait();
    await this.clear();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearTimeout(this.timer);
    await this.clear();
  }

  private wait(): NodeJS.Timeout {
    return setTimeout(() => {
      this.timer = this.gathered.length > 0 ? this.wait() : undefined;
      void this.clear();
    }, GATHER_MS);
  }

  /** One after the other: what has gathered meanwhile goes together. */
  private clear(): Promise<void> {
    this.clearing = this.clearing.then(() => this.clearGathered());
    return this.clearing;
  }

  private async clearGathered(): Promise<void> {
    const versions = this.gathered.splice(0);
    if (versions.length === 0) return;
    try {
      await this.store.clearStaging(versions.map(stagingKey));
      await this.crashPoints.reach('after-cleanup');
      await this.staging.markCleaned(versions);
    } catch (error) {
      this.log.warn(`staging of ${versions.length} versions is left to the reaper: ${String(error)}`);
    }
  }
}
