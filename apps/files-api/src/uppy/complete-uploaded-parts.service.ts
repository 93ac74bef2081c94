import type { FilesApiConfig } from '@custody/config';
import { UploadsRepository, type StepContext } from '@custody/data';
import { CustodyError, stagingKey, statusOf } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { AbortMultipart } from '../multipart/abort-multipart.service.js';
import { validated } from '../requests/validation.js';
import { CompleteUpload } from '../uploads/complete-upload.service.js';
import type { UploadRef } from './upload-id.js';
import { completePartsSchema, type CompletedUppyUpload } from './uppy.schema.js';

/** Puts the parts together and confirms, as the confirm of an upload by plan does (M3, M6). May be repeated. */
@Injectable()
export class CompleteUploadedParts {
  constructor(
    private readonly uploads: UploadsRepository,
    private readonly complete: CompleteUpload,
    private readonly abort: AbortMultipart,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /**
   * The body is looked at after the upload (M34). Throws `FILE_NOT_FOUND`, `validation-error`, `UPLOAD_INCOMPLETE`, what confirm throws,
   * and `PAYLOAD_TOO_LARGE`: then the upload is given up.
   */
  async execute(context: StepContext, ref: UploadRef, body: unknown): Promise<CompletedUppyUpload> {
    const { fileId, versionId } = ref;
    if ((await this.uploads.find(context, fileId, versionId)) === null) throw new CustodyError('FILE_NOT_FOUND');
    const { parts } = validated(completePartsSchema, body ?? {});
    const named = parts.map(({ PartNumber, ETag }) => ({ partNumber: PartNumber, etag: ETag }));
    const { state } = await this.complete
      .execute(context, fileId, {}, { versionId, named })
      .catch((error: unknown) => this.giveUpIfTooLarge(context, ref, error));
    return {
      location: `${this.config.http.publicUrl}/v1/files/${fileId}`,
      key: stagingKey({ ...ref, tenantId: context.tenantId }),
      ...{ fileId, versionId, status: statusOf(state) },
    };
  }

  /** No other answer can ever come of it, so its bytes and its place need not wait for the reaper. */
  private async giveUpIfTooLarge(context: StepContext, ref: UploadRef, error: unknown): Promise<never> {
    if (error instanceof CustodyError && error.code === 'PAYLOAD_TOO_LARGE')
      await this.abort.execute(context, ref.fileId, ref.versionId);
    throw error;
  }
}
