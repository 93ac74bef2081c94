import { SystemStagingRepository, type PurgeableFile } from '@custody/data';
import { derivedPrefix, objectKey, stagingKey } from '@custody/domain';
import { currentMeta } from '@custody/observability';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import { forEachAtMost } from '../rounds/for-each-at-most.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 100;
const RETRY_SEC = 300;

/** Removes the bytes of files that were deleted longer ago than the retention; the rows stay as a record. */
@Injectable()
export class PurgeDeleted implements ReaperTask {
  readonly name = 'purge';

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly store: ObjectStore,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    let batch: PurgeableFile[];
    do {
      batch = await this.staging.claimPurgeable(this.settings.retentionSec, RETRY_SEC, BATCH);
      await forEachAtMost(this.settings.concurrency, batch, signal, async (file) => {
        try {
          await this.purge(file, tally);
        } catch (error) {
          tally.fail(error);
        }
      });
    } while (batch.length === BATCH && tally.failed === 0 && !signal.aborted);
    return tally;
  }

  /** Bytes first: a crash before the mark purges once more, the other way round it would leave them for ever. */
  private async purge(file: PurgeableFile, tally: Tally): Promise<void> {
    for (const versionId of file.versionIds) {
      const version = { ...file, versionId };
      tally.count('objects', await this.store.deleteStaging(stagingKey(version)));
      tally.count('objects', await this.store.deleteMain(objectKey(version, file.bucket)));
    }
    for await (const { key } of this.store.listMain(derivedPrefix(file)))
      tally.count('objects', await this.store.deleteMain(key));
    const context = { actor: 'system:staging-reaper', ...currentMeta() } as const;
    if (await this.staging.markPurged(context, file)) tally.count('files');
  }
}
