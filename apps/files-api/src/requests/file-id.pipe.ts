import { asId, CustodyError, isUuid, type FileId } from '@custody/domain';
import { Injectable, type PipeTransform } from '@nestjs/common';

/** A path segment that is no UUID names no file: the same 404 as any other absent file (M34). */
@Injectable()
export class FileIdPipe implements PipeTransform<string, FileId> {
  transform(value: string): FileId {
    const id = value.toLowerCase();
    if (!isUuid(id)) throw new CustodyError('FILE_NOT_FOUND');
    return asId<FileId>(id);
  }
}
