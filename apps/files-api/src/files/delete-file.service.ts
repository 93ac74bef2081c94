import { FilesRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class DeleteFile {
  constructor(private readonly files: FilesRepository) {}

  /** The file is gone for every door at once; its bytes go when the retention is over. Throws `FILE_NOT_FOUND`. */
  async execute(context: StepContext, fileId: FileId): Promise<void> {
    if (!(await this.files.delete(context, fileId))) throw new CustodyError('FILE_NOT_FOUND');
  }
}
