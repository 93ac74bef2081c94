import type { Bucket, FileId, FileStatus, FolderId, Subject, UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FileRecord } from './records.js';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

/** All that are given must hold. Times: from inclusive, to exclusive. SQL function `file_conditions` has one condition for each. */
export interface FileFilter {
  readonly id?: FileId | undefined;
  /** The filename begins with it, whatever the case. */
  readonly name?: string | undefined;
  readonly filename?: string | undefined;
  readonly mimeType?: string | undefined;
  readonly createdBy?: UserId | undefined;
  readonly createdFrom?: Date | undefined;
  readonly createdTo?: Date | undefined;
  readonly updatedFrom?: Date | undefined;
  readonly updatedTo?: Date | undefined;
  readonly bucket?: Bucket | undefined;
  readonly status?: FileStatus | undefined;
  readonly folder?: FolderId | 'root' | undefined;
  /** Linked to it. */
  readonly subject?: Subject | undefined;
  /** The metadata contains it (as `@>` of jsonb does). */
  readonly metadata?: Record<string, unknown> | undefined;
  /** The metadata's `externalId` is it, or its `externalIds` have it. */
  readonly externalId?: string | undefined;
}

export interface FileOrder {
  readonly sort: 'createdAt' | 'updatedAt';
  readonly order: 'asc' | 'desc';
}

/** Where a page ended: the sort value and the id of its last file. */
export interface FilePosition {
  readonly at: Date;
  readonly fileId: FileId;
}

export interface FilePageRequest extends FileOrder {
  readonly filter: FileFilter;
  readonly after: FilePosition | null;
  readonly limit: number;
  /** Given: an audit row with it is written for each available file of the page (M37). Must not hold a URL. */
  readonly grant: Record<string, unknown> | null;
}

export interface FilePage {
  readonly files: readonly FileRecord[];
  readonly hasMore: boolean;
}

const ROOT = '00000000-0000-0000-0000-000000000000';

/** Pages over the files of one tenant (M28). */
@Injectable()
export class FileListingRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** One call whatever the filters. Throws `FOLDER_NOT_FOUND` when the folder to look in is not there. */
  async page(context: StepContext, request: FilePageRequest): Promise<FilePage> {
    const { sort, order, after, limit, grant } = request;
    const rows = await this.database.call<FileRecord>(
      context,
      'SELECT * FROM list_files($1, $2, $3, $4, $5, $6, $7, $8)',
      [
        JSON.stringify(filterRow(request.filter)),
        sort,
        order,
        after?.at ?? null,
        after?.fileId ?? null,
        limit,
        grant === null ? null : JSON.stringify(grant),
      ],
    );
    return { files: rows.slice(0, limit), hasMore: rows.length > limit };
  }
}

/** What is undefined is no member in JSON, and so no condition. */
function filterRow({ folder, ...filter }: FileFilter): object {
  return { ...filter, folderKey: folder === 'root' ? ROOT : folder };
}
