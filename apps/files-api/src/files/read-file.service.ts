import { FilesRepository, type FileRecord, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';

@Injectable()
export class ReadFile {
  constructor(private readonly files: FilesRepository) {}

  /** Throws `FILE_NOT_FOUND`. */
  async execute(context: StepContext, fileId: FileId): Promise<FileRecord> {
    const file = await this.files.find(context, fileId);
    if (file === null) throw new CustodyError('FILE_NOT_FOUND');
    return file;
  }
}
