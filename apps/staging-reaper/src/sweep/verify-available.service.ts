import { randomUUID } from 'node:crypto';
import { SystemStagingRepository } from '@custody/data';
import { objectKey, type Bucket, type FileId, type TenantId, type VersionId, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';
import { ReaperSettings } from '../reaper-settings.js';
import { ReaperMetrics } from '../rounds/reaper-metrics.js';
import { forEachAtMost } from '../rounds/for-each-at-most.js';
import type { ReaperTask } from '../rounds/reaper-task.js';
import { Tally } from '../rounds/tally.js';

const BATCH = 200;
type Available = VersionRef & { readonly bucket: Bucket };

/**
 * The other direction of F23: looks for the bytes of available versions, a bounded number from a random one on, round to where
 * it began. What is missing is reported; there is nothing that could be done about it here.
 */
@Injectable()
export class VerifyAvailable implements ReaperTask {
  readonly name = 'verify-available';
  private readonly log = new Logger(VerifyAvailable.name);

  constructor(
    private readonly staging: SystemStagingRepository,
    private readonly store: ObjectStore,
    private readonly metrics: ReaperMetrics,
    private readonly settings: ReaperSettings,
  ) {}

  async execute(signal: AbortSignal): Promise<Tally> {
    const tally = new Tally();
    const start = somewhere();
    const rest = await this.walk(start, null, this.settings.verifyPerSweep, tally, signal);
    await this.walk(null, start, rest, tally, signal);
    this.metrics.found('missing', tally.counts['missing'] ?? 0);
    return tally;
  }

  /** Looks at no more than `most` versions between two places; resolves to how many of them were not used up. */
  private async walk(
    from: VersionRef | null,
    to: VersionRef | null,
    most: number,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<number> {
    let left = most;
    for (let last = from; left > 0 && !signal.aborted;) {
      const page = await this.staging.availableAfter(last, Math.min(BATCH, left));
      const inside = page.filter((version) => to === null || isBefore(version, to));
      await forEachAtMost(this.settings.concurrency, inside, signal, (version) => this.look(version, tally));
      left -= inside.length;
      last = page.at(-1) ?? null;
      if (last === null || inside.length < page.length) break;
    }
    return left;
  }

  private async look(version: Available, tally: Tally): Promise<void> {
    try {
      const key = objectKey(version, version.bucket);
      tally.count('verified');
      if ((await this.store.head({ bucket: 'main', key })) !== null || (await this.isGone(version))) return;
      tally.count('missing');
      this.log.error(`an available version has no object: ${key}`);
    } catch (error) {
      tally.fail(error);
    }
  }

  /** Deleted and purged between the two looks. */
  private async isGone(version: Available): Promise<boolean> {
    return (await this.staging.statesOf([version])).get(version.versionId)?.deleted ?? true;
  }
}

function somewhere(): VersionRef {
  return { tenantId: randomUUID() as TenantId, fileId: randomUUID() as FileId, versionId: randomUUID() as VersionId };
}

function isBefore(version: VersionRef, place: VersionRef): boolean {
  return version.tenantId === place.tenantId ? version.versionId <= place.versionId : version.tenantId < place.tenantId;
}
