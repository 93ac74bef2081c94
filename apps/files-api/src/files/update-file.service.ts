import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import { CustodyError, strongTags, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FileChangesRequest } from './files.schema.js';

/** Renames, moves, describes (M29). The bytes never change here, nor does anything that was computed of them. */
@Injectable()
export class UpdateFile {
  constructor(private readonly files: FilesRepository) {}

  /** Throws `FILE_NOT_FOUND`, `FOLDER_NOT_FOUND`, and `PRECONDITION_FAILED` when `ifMatch` does not name the file as it is. */
  async execute(
    context: StepContext,
    fileId: FileId,
    changes: FileChangesRequest,
    ifMatch: string | undefined,
  ): Promise<FileRecord> {
    const file = await this.files.update(context, fileId, changes, strongTags(ifMatch));
    if (file === null) throw new CustodyError('FILE_NOT_FOUND');
    return file;
  }
}
