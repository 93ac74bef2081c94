import { FileVersionsRepository, type FileRecord, type StepContext } from '@custody/data';
import { CustodyError, isUuid, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { ReadFile } from '../files/read-file.service.js';

/** Makes an older version speak for its file again (M31). Nothing is copied, and no version is lost. */
@Injectable()
export class RestoreVersion {
  constructor(
    private readonly versions: FileVersionsRepository,
    private readonly readFile: ReadFile,
  ) {}

  /**
   * The file as it is then; repeating it changes nothing.
   * Throws `FILE_NOT_FOUND`, `VERSION_NOT_FOUND`, `VERSION_NOT_AVAILABLE`.
   */
  async execute(context: StepContext, fileId: FileId, version: string): Promise<FileRecord> {
    const versionId = version.toLowerCase();
    const file = await this.readFile.execute(context, fileId);
    if (!isUuid(versionId)) throw new CustodyError('VERSION_NOT_FOUND');
    switch (await this.versions.restore(context, fileId, versionId as typeof file.versionId)) {
      case 'no_file':
        throw new CustodyError('FILE_NOT_FOUND');
      case 'no_version':
        throw new CustodyError('VERSION_NOT_FOUND');
      case 'unavailable':
        throw new CustodyError('VERSION_NOT_AVAILABLE');
      case 'current':
        return file;
      case 'restored':
        return this.readFile.execute(context, fileId);
    }
  }
}
