import { SystemStagingRepository, type KnownVersion } from '@custody/data';
import { parseStagingKey, statusOf, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import { forEachAtMost } from '../rounds/for-each-at-most.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';
import { batchesOf } from './batches-of.js';
import { stagedKeys, type StagedKey } from './staged-keys.js';

const BATCH = 500;
/** The rest is for the next sweep; it remembers nothing and begins anew. */
const MOST_REMOVED = 20_000;
const PROBES = '_probe/';
const PROBE_LIFE_SEC = 3_600;

/**
 * Removes from staging what no pending version needs and what is older than TTL and grace: bytes that arrived after their
 * version had ended (S6 iv), uploads that never got a row, forgotten parts (I6). Ages are the store's own (F18).
 */
@Injectable()
export class SweepStaging implements ReaperTask {
  readonly name = 'sweep-staging';

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly store: ObjectStore,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const now = (await this.store.clock()).getTime();
    const olderThan = new Date(now - this.settings.stagingLifeSec * 1_000);
    const probesOlderThan = new Date(now - PROBE_LIFE_SEC * 1_000);
    for (const bucket of ['staging', 'main'] as const) {
      tally.count('multiparts', await this.store.abortMultiparts({ bucket, olderThan }, signal));
    }
    for await (const keys of batchesOf(stagedKeys(this.store.listStaging()), BATCH)) {
      const stale = keys.filter(({ key, lastModified }) =>
        key.startsWith(PROBES) ? lastModified < probesOlderThan : lastModified < olderThan,
      );
      await this.remove(await this.needless(stale), tally, signal);
      if (signal.aborted || (tally.counts['keys'] ?? 0) >= MOST_REMOVED) break;
    }
    return tally;
  }

  /** Those without a version that still waits for its verdict. */
  private async needless(keys: readonly StagedKey[]): Promise<string[]> {
    const known = keys.map(({ key }) => ({ key, ref: parseStagingKey(key) }));
    const refs = known.flatMap(({ ref }) => ref ?? []);
    const states = refs.length === 0 ? new Map<VersionId, KnownVersion>() : await this.staging.statesOf(refs);
    return known
      .filter(({ ref }) => {
        const version = ref === null ? undefined : states.get(ref.versionId);
        return version === undefined || statusOf(version.state) !== 'pending_scan';
      })
      .map(({ key }) => key);
  }

  private async remove(keys: readonly string[], tally: Tally, signal: AbortSignal): Promise<void> {
    await forEachAtMost(this.settings.concurrency, keys, signal, async (key) => {
      try {
        tally.count('objects', await this.store.deleteStaging(key));
        tally.count('keys');
      } catch (error) {
        tally.fail(error);
      }
    });
  }
}
