import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

/** Undoes a delete while the bytes are still there (M29). */
@Injectable()
export class RestoreFile {
  constructor(private readonly files: FilesRepository) {}

  /** Throws `FILE_NOT_FOUND`, also once the purge has begun. A file that is not deleted is answered as it is. */
  async execute(context: StepContext, fileId: FileId): Promise<FileRecord> {
    const file = await this.files.restore(context, fileId);
    if (file === null) throw new CustodyError('FILE_NOT_FOUND');
    return file;
  }
}
