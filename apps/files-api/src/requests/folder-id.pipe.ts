import { asId, CustodyError, isUuid, type FolderId } from '@custody/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** A path segment that is no UUID names no folder: the same 404 as any other absent folder (M34). */
@Injectable()
export class FolderIdPipe implements PipeTransform<string, FolderId> {
  transform(value: string): FolderId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('FOLDER_NOT_FOUND');
    return asId<FolderId>(id);
  }
}
