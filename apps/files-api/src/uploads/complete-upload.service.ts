import { ConfirmUpload, type ConfirmedUpload } from '@custody/confirm';
import { FilesRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { ConfirmRequest } from './uploads.schema.js';

/** Confirms an upload for its client, who may say what it is about and who sees it (M3, M14). */
@Injectable()
export class CompleteUpload {
  constructor(
    private readonly files: FilesRepository,
    private readonly confirm: ConfirmUpload,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `ACCESS_GROUP_NOT_FOUND` and what `ConfirmUpload` throws. */
  async execute(context: StepContext, fileId: FileId, details: ConfirmRequest): Promise<ConfirmedUpload> {
    // First and whatever the state is: the store's event may have confirmed already, and the group must hold all the same.
    const isSaid = Object.values(details).some((value) => value !== undefined);
    if (isSaid && !(await this.files.describe(context, fileId, details))) throw new CustodyError('FILE_NOT_FOUND');
    return this.confirm.execute(context, fileId, null);
  }
}
