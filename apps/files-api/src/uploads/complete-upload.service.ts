import { ConfirmUpload, type ConfirmedUpload } from '@custody/confirm';
import { FilesRepository, type StepContext } from '@custody/data';
import { CustodyError, type FileId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import { CompleteParts, type CompletedUpload } from './complete-parts.service.js';
import type { ConfirmRequest } from './uploads.schema.js';

const NEWEST: CompletedUpload = { versionId: null, named: null };

/** Confirms an upload for its client, who may say what it is about and who sees it (M3, M14). */
@Injectable()
export class CompleteUpload {
  constructor(
    private readonly files: FilesRepository,
    private readonly confirm: ConfirmUpload,
    private readonly parts: CompleteParts,
  ) {}

  /** Throws `FILE_NOT_FOUND`, `ACCESS_GROUP_NOT_FOUND`, `UPLOAD_INCOMPLETE`, `PAYLOAD_TOO_LARGE` and what `ConfirmUpload` throws. */
  async execute(
    context: StepContext,
    fileId: FileId,
    details: ConfirmRequest,
    upload: CompletedUpload = NEWEST,
  ): Promise<ConfirmedUpload> {
    // First and whatever the state is: the store's event may have confirmed already, and the group must hold all the same.
    const isSaid = Object.values(details).some((value) => value !== undefined);
    if (isSaid && !(await this.files.describe(context, fileId, details))) throw new CustodyError('FILE_NOT_FOUND');
    try {
      return await this.confirm.execute(context, fileId, upload.versionId);
    } catch (error) {
      // Only an upload in parts has something left to do when no object is there; all others pay one look for it.
      if (!isNotThere(error)) throw error;
    }
    const objection = await this.parts.execute(context, fileId, upload);
    if (objection?.code === 'UPLOAD_NOT_FOUND') throw objection;
    try {
      return await this.confirm.execute(context, fileId, upload.versionId);
    } catch (error) {
      // Another confirm may have put the parts together while this one looked at them (F8): only then do they not matter.
      throw isNotThere(error) && objection !== null ? objection : error;
    }
  }
}

function isNotThere(error: unknown): boolean {
  return error instanceof CustodyError && error.code === 'UPLOAD_NOT_FOUND';
}
