import { Injectable, Logger } from '@nestjs/common';
import { UploadsRepository, VersionsRepository } from '@custody/data';
import { contentDisposition, downloadName, fileTypeFor, objectKey } from '@custody/domain';
import { CrashPoints } from '@custody/observability';
import { OutboxPublisher } from '@custody/queues';
import { ObjectStore, ObjectStoreError } from '@custody/storage';
import { LeaseLost } from '../scan/interruption.js';
import type { StagedWork } from '../scan/work.js';

const FIRST_CLAIM = 1;

export type Promotion = 'available' | 'failed' | 'superseded';

/** Steps 6 and 7: from a clean verdict over pinned bytes to a file that can be read. Repeating it after a crash is safe. */
@Injectable()
export class PromoteVersion {
  private readonly log = new Logger(PromoteVersion.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly versions: VersionsRepository,
    private readonly uploads: UploadsRepository,
    private readonly publisher: OutboxPublisher,
    private readonly crashPoints: CrashPoints,
  ) {}

  /**
   * @param sha256 of the scanned bytes; the store must hold exactly these under the main key.
   * @returns `superseded` when the file was deleted while its bytes were copied.
   * @throws LeaseLost, a retryable ObjectStoreError in an outage, or the signal's reason when aborted.
   */
  async execute(work: StagedWork, sha256: string): Promise<Promotion> {
    const { context, claim, version, ref } = work;
    const key = objectKey(ref, version.bucket);
    if (!(await this.copy(work, key, sha256))) return 'failed';
    await this.crashPoints.reach('after-copy');

    const step = await this.versions.publish(context, claim);
    if (!step.applied) return this.withdraw(work, key);
    await this.crashPoints.reach('after-publish');
    this.publisher.publishAfterCommit(step.events);
    return 'available';
  }

  /** False: the pinned bytes are gone and no retry brings them back, so the version ended as failed. */
  private async copy(
    { context, claim, version, pinned, signal }: StagedWork,
    key: string,
    sha256: string,
  ): Promise<boolean> {
    const type = fileTypeFor(version.mimeType);
    const spec = {
      contentType: type.mimeType,
      contentDisposition: contentDisposition(type.disposition, downloadName(version.filename, type)),
      // A verdict that counted other bytes than were confirmed is no clean one.
      size: version.size ?? 0,
      sha256,
      etag: version.etag ?? undefined,
      // Under the first claim there was no promotion that could have been cut short. One that follows may be faster: it copies the same bytes.
      ...(claim.epoch === FIRST_CLAIM && ({ destination: 'unwritten' } as const)),
    };
    try {
      await this.store.promote(pinned, key, spec, signal);
      return true;
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.code !== 'NOT_FOUND') throw error;
      this.log.error(`version ${claim.versionId}: the scanned bytes are gone from the store`);
      if (!(await this.versions.fail(context, claim, 'the scanned bytes are gone from the store')))
        throw new LeaseLost();
      return false;
    }
  }

  /**
   * Somebody was faster. `rejected` is final, so the copy of a deleted file can go; in any other state another worker has
   * published this object or is about to.
   */
  private async withdraw({ context, ref }: StagedWork, key: string): Promise<'superseded'> {
    const now = await this.uploads.find(context, ref.fileId, ref.versionId);
    if (now?.state !== 'rejected') throw new LeaseLost();
    await this.store.deleteMain(key);
    return 'superseded';
  }
}
