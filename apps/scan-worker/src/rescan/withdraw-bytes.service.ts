import { SystemStagingRepository } from '@custody/data';
import { derivedPrefix, objectKey, type Bucket, type VersionRef } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';

/**
 * Removes what is left of a withdrawn version in main: its object first, which ends every URL to it that was handed out, then its
 * thumbnails. Best effort: the reaper repeats it.
 */
@Injectable()
export class WithdrawBytes {
  private readonly log = new Logger(WithdrawBytes.name);

  constructor(
    private readonly store: ObjectStore,
    private readonly staging: SystemStagingRepository,
  ) {}

  async execute(ref: VersionRef, bucket: Bucket): Promise<void> {
    try {
      await this.store.deleteMain(objectKey(ref, bucket));
      for await (const { key } of this.store.listMain(`${derivedPrefix(ref)}${ref.versionId}/`))
        await this.store.deleteMain(key);
      await this.staging.markCleaned([{ ...ref, state: 'rejected' }]);
    } catch (error) {
      this.log.warn(`version ${ref.versionId}: its bytes are left to the reaper: ${String(error)}`);
    }
  }
}
