import { MultipartsRepository, type StepContext } from '@custody/data';
import { CustodyError, stagingKey, type FileId, type VersionId } from '@custody/domain';
import { ObjectStore } from '@custody/storage';
import { Injectable, Logger } from '@nestjs/common';

/** Gives up an upload in parts (M6): its place is free at once; its parts go now, or by the reaper. */
@Injectable()
export class AbortMultipart {
  private readonly log = new Logger(AbortMultipart.name);

  constructor(
    private readonly multiparts: MultipartsRepository,
    private readonly store: ObjectStore,
  ) {}

  /** The newest upload of the file, or that of a version. Throws `FILE_NOT_FOUND`, `NO_MULTIPART_UPLOAD`. */
  async execute(context: StepContext, fileId: FileId, which: VersionId | null = null): Promise<void> {
    const { outcome, versionId } = await this.multiparts.abort(context, fileId, which);
    switch (outcome) {
      case 'no_file':
        throw new CustodyError('FILE_NOT_FOUND');
      case 'no_multipart':
        throw new CustodyError('NO_MULTIPART_UPLOAD');
      case 'aborted': {
        const key = stagingKey({ tenantId: context.tenantId, fileId, versionId });
        await this.store.abortMultiparts({ bucket: 'staging', key }).catch((error: unknown) => {
          this.log.warn(`version ${versionId}: its parts are left to the reaper: ${String(error)}`);
        });
      }
    }
  }
}
