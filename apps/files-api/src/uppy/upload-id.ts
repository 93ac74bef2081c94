import { asId, CustodyError, isUuid, type FileId, type VersionId, type VersionRef } from '@custody/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** Which upload a client goes on with. */
export type UploadRef = Omit<VersionRef, 'tenantId'>;

/** Our name of an upload, not the store's: it leads to the row, and the row to the store. */
export function uploadIdOf({ fileId, versionId }: UploadRef): string {
  return `${fileId}.${versionId}`;
}

/** What names no upload answers like one that is absent. */
@Injectable()
export class UploadIdPipe implements PipeTransform<string, UploadRef> {
  transform(value: string): UploadRef {
    const [fileId, versionId, ...more] = value.toLowerCase().split('.');
    if (!isUuid(fileId) || !isUuid(versionId) || more.length > 0) throw new CustodyError('FILE_NOT_FOUND');
    return { fileId: asId<FileId>(fileId), versionId: asId<VersionId>(versionId) };
  }
}
