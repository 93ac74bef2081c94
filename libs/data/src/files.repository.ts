import { Injectable } from '@nestjs/common';
import type { AccessGroupId, FileId, FolderId } from '@custody/domain';
import type { StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';
import type { FileRecord, ServedVersion } from './records.js';

/** What whoever confirms an upload says of it (M14). `isValid` false: present, but not valid. */
export interface FileDescription {
  readonly accessGroupId?: AccessGroupId | undefined;
  readonly notes?: string | undefined;
  readonly isValid?: boolean | undefined;
}

/** What a client may change; a member that is absent stays as it is. `folderId` null: into the root. */
export interface FileChanges {
  readonly filename?: string | undefined;
  readonly folderId?: FolderId | null | undefined;
  readonly metadata?: Record<string, unknown> | undefined;
  readonly accessGroupId?: AccessGroupId | null | undefined;
  readonly notes?: string | null | undefined;
}

/** Reading, handing out and deleting files of one tenant. */
@Injectable()
export class FilesRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Null for absent, deleted and foreign alike (M34). */
  async find(context: StepContext, fileId: FileId): Promise<FileRecord | null> {
    const rows = await this.database.call<FileRecord>(context, 'SELECT * FROM find_file($1, $2)', [fileId]);
    return rows[0] ?? null;
  }

  /** What the door to its bytes needs of a file. Null as for `find`. */
  async findServed(context: StepContext, fileId: FileId): Promise<ServedVersion | null> {
    const rows = await this.database.call<ServedVersion>(context, 'SELECT * FROM find_served($1, $2)', [fileId]);
    return rows[0] ?? null;
  }

  /** Reads a file and, when it is available, writes the audit row of the URL about to be signed (M37). `detail` must not hold the URL. */
  async grantDownload(
    context: StepContext,
    fileId: FileId,
    detail: Record<string, unknown>,
  ): Promise<ServedVersion | null> {
    const rows = await this.database.call<ServedVersion>(context, 'SELECT * FROM grant_url($1, $2, $3)', [
      fileId,
      JSON.stringify(detail),
    ]);
    return rows[0] ?? null;
  }

  /** Absent members stay as they are. False: no such file for the actor to change. Throws `ACCESS_GROUP_NOT_FOUND`. */
  async describe(context: StepContext, fileId: FileId, details: FileDescription): Promise<boolean> {
    const [row] = await this.database.call<{ found: boolean }>(context, 'SELECT describe_file($1, $2, $3) AS found', [
      fileId,
      JSON.stringify(details),
    ]);
    return row?.found ?? false;
  }

  /** Reads a file and, when its thumbnail of `size` exists, writes the audit row of the URL about to be signed (M37). */
  async grantThumbnail(
    context: StepContext,
    fileId: FileId,
    size: number,
    detail: Record<string, unknown>,
  ): Promise<FileRecord | null> {
    const rows = await this.database.call<FileRecord>(context, 'SELECT * FROM grant_thumbnail($1, $2, $3, $4)', [
      fileId,
      size,
      JSON.stringify(detail),
    ]);
    return rows[0] ?? null;
  }

  /** As `grantDownload`, for many files in one step; by id, without those that are absent. */
  async grantDownloads(
    context: StepContext,
    ids: readonly FileId[],
    detail: Record<string, unknown>,
  ): Promise<ReadonlyMap<FileId, FileRecord>> {
    return this.byId(context, 'SELECT * FROM grant_downloads($1, $2, $3)', [ids, JSON.stringify(detail)]);
  }

  /** As `grantThumbnail`, for many files in one step; by id, without those that are absent. */
  async grantThumbnails(
    context: StepContext,
    ids: readonly FileId[],
    size: number,
    detail: Record<string, unknown>,
  ): Promise<ReadonlyMap<FileId, FileRecord>> {
    return this.byId(context, 'SELECT * FROM grant_thumbnails($1, $2, $3, $4)', [ids, size, JSON.stringify(detail)]);
  }

  /**
   * Null for absent, deleted and foreign alike. `ifMatch`: the entity tags that may be changed, null for any. Throws
   * `PRECONDITION_FAILED`, `FOLDER_NOT_FOUND`, `ACCESS_GROUP_NOT_FOUND`.
   */
  async update(
    context: StepContext,
    fileId: FileId,
    changes: FileChanges,
    ifMatch: readonly string[] | null,
  ): Promise<FileRecord | null> {
    const rows = await this.database.call<FileRecord>(context, 'SELECT * FROM update_file($1, $2, $3, $4)', [
      fileId,
      JSON.stringify(changes),
      ifMatch,
    ]);
    return rows[0] ?? null;
  }

  /** Undoes a delete before the purge has begun; a file that is there is returned as it is, null for absent and foreign alike. */
  async restore(context: StepContext, fileId: FileId): Promise<FileRecord | null> {
    const rows = await this.database.call<FileRecord>(context, 'SELECT * FROM restore_file($1, $2)', [fileId]);
    return rows[0] ?? null;
  }

  /** Soft delete; false for absent, deleted and foreign alike. */
  async delete(context: StepContext, fileId: FileId): Promise<boolean> {
    const [row] = await this.database.call<{ deleted: boolean }>(context, 'SELECT delete_file($1, $2) AS deleted', [
      fileId,
    ]);
    return row?.deleted ?? false;
  }

  private async byId(
    context: StepContext,
    text: string,
    values: readonly unknown[],
  ): Promise<ReadonlyMap<FileId, FileRecord>> {
    const rows = await this.database.call<FileRecord>(context, text, values);
    return new Map(rows.map((file) => [file.fileId, file]));
  }
}
