import { SystemStagingRepository, type EndedVersion } from '@custody/data';
import { derivedPrefix, objectKey, stagingKey } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import { forEachAtMost } from '../rounds/for-each-at-most.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 500;
/** A version whose bytes could not be removed is tried again after this long. */
const RETRY_SEC = 300;

/**
 * Removes the bytes of ended versions: every version and unfinished part of the staging key and, of one that was rejected after a
 * clean verdict (its file was deleted meanwhile, or a rescan withdrew it), what may have been copied or derived. Without that verdict nothing was ever copied; bytes
 * found in main all the same mean that the database knows less than the store (F23) and are left to `report-orphans`.
 */
@Injectable()
export class CleanEnded implements ReaperTask {
  readonly name = 'cleanup';

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly store: ObjectStore,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let batch: EndedVersion[];
    do {
      batch = await this.staging.claimEnded(this.settings.copyGraceSec, RETRY_SEC, BATCH);
      // Parts first: an upload completed after the deletion would else leave an object behind.
      if (batch.length > 0)
        await this.store.abortMultiparts({ bucket: 'staging', keys: new Set(batch.map(stagingKey)) });
      const clean: EndedVersion[] = [];
      const isStagingClear = await this.clearStaging(batch, tally, signal);
      await forEachAtMost(this.settings.concurrency, batch, signal, async (version) => {
        try {
          tally.count('objects', await this.remove(version, isStagingClear));
          clean.push(version);
        } catch (error) {
          tally.fail(error);
        }
      });
      if (clean.length > 0) await this.staging.markCleaned(clean);
      tally.count('versions', clean.length);
    } while (batch.length === BATCH && tally.failed === 0 && !signal.aborted);
    return tally;
  }

  /** In few requests for all of them. False: one of them failed, and each version is to be tried by itself, so that one holds up no other. */
  private async clearStaging(batch: readonly EndedVersion[], tally: Tally, signal: AbortSignal): Promise<boolean> {
    try {
      tally.count('objects', await this.store.clearStaging(batch.map(stagingKey), signal));
      return true;
    } catch {
      return false;
    }
  }

  private async remove(version: EndedVersion, isStagingClear: boolean): Promise<number> {
    const staged = isStagingClear ? 0 : await this.store.deleteStaging(stagingKey(version));
    if (version.state === 'available' || !version.passed) return staged;
    let removed = staged + (await this.store.deleteMain(objectKey(version, version.bucket)));
    for await (const { key } of this.store.listMain(`${derivedPrefix(version)}${version.versionId}/`))
      removed += await this.store.deleteMain(key);
    return removed;
  }
}
