import { SystemStagingRepository, type KnownVersion } from '@custody/data';
import { parseDerivedKey, parseObjectKey, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';
import { ReaperMetrics } from '../rounds/reaper-metrics.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';
import { batchesOf } from './batches-of.js';

const BATCH = 500;
/** Keys named in the log of one sweep. */
const MOST_NAMED = 20;
const PROBES = '_probe/';

type Standing = 'expected' | 'late' | 'orphan';

/**
 * Compares the main bucket with the rows. An object that no row explains is reported and never removed: after a restore of the
 * database the store knows more than the rows do (F23). Only a copy that came in after its version had ended for good, with a
 * clean verdict on record, is taken away.
 */
@Injectable()
export class ReportOrphans implements ReaperTask {
  readonly name = 'report-orphans';
  private readonly log = new Logger(ReportOrphans.name);

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly store: ObjectStore,
    private readonly metrics: ReaperMetrics,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    for await (const objects of batchesOf(this.store.listMain(), BATCH)) {
      if (signal.aborted) return tally;
      await this.compare(
        objects.map(({ key }) => key).filter((key) => !key.startsWith(PROBES)),
        tally,
      );
    }
    this.metrics.found('orphans', tally.counts['orphans'] ?? 0);
    return tally;
  }

  private async compare(keys: readonly string[], tally: Tally): Promise<void> {
    // What was derived from a version is explained by its row, as its bytes are.
    const refs = keys.map((key) => parseObjectKey(key) ?? parseDerivedKey(key));
    const known = refs.flatMap((ref) => ref ?? []);
    const states = known.length === 0 ? new Map<VersionId, KnownVersion>() : await this.staging.statesOf(known);
    for (const [index, key] of keys.entries()) {
      const ref = refs[index];
      const standing = standingOf(ref ? states.get(ref.versionId) : undefined);
      if (standing === 'late') tally.count('late copies', await this.store.deleteMain(key));
      if (standing === 'orphan') this.report(key, tally);
    }
  }

  private report(key: string, tally: Tally): void {
    tally.count('orphans');
    if ((tally.counts['orphans'] ?? 0) <= MOST_NAMED)
      this.log.warn(`main object without a row that explains it: ${key}`);
  }
}

function standingOf(version: KnownVersion | undefined): Standing {
  if (version === undefined) return 'orphan';
  if (version.purged) return 'late';
  switch (version.state) {
    case 'clean':
    case 'available':
      return 'expected';
    case 'rejected':
      return version.passed ? 'late' : 'orphan';
    case 'awaiting_upload':
    case 'uploaded':
    case 'scanning':
    case 'held':
      return 'orphan';
  }
}
