import type { FolderId, UserId } from '@custody/domain';
import { Injectable } from '@nestjs/common';
import type { FolderRecord } from './records.js';
import { isOnce, type StepContext } from './step-context.js';
import { TenantDatabase } from './tenant-database.js';

export interface NewFolder {
  readonly folderId: FolderId;
  /** Null: in the root. */
  readonly parentId: FolderId | null;
  readonly name: string;
  readonly createdBy: UserId;
}

/** A member that is absent stays as it is. `parentId` null: into the root. */
export interface FolderChanges {
  readonly name?: string | undefined;
  readonly parentId?: FolderId | null | undefined;
}

export interface FolderPage {
  readonly folders: readonly FolderRecord[];
  readonly hasMore: boolean;
}

const CREATE = 'SELECT * FROM create_folder($1, $2, $3, $4, $5, $6)';
const CREATE_ONCE = 'SELECT (o.made).*, o.replayed FROM create_folder_once($1, $2, $3, $4, $5, $6) o';

/**
 * The tree of one tenant (M30). Null stands for absent, deleted and foreign alike; `ifMatch` has the entity tags that may be changed,
 * null for any. Refusals: `FOLDER_NOT_FOUND` (the parent), `FOLDER_EXISTS`, `FOLDER_CYCLE`, `FOLDER_TOO_DEEP`, `FOLDER_NOT_EMPTY`,
 * `PRECONDITION_FAILED`.
 */
@Injectable()
export class FoldersRepository {
  constructor(private readonly database: TenantDatabase) {}

  async find(context: StepContext, folderId: FolderId): Promise<FolderRecord | null> {
    return this.one(context, 'SELECT * FROM find_folder($1, $2)', [folderId]);
  }

  /** Those of the given ones that are there, by id. */
  async findAll(context: StepContext, ids: readonly FolderId[]): Promise<ReadonlyMap<FolderId, FolderRecord>> {
    const rows = await this.database.call<FolderRecord>(context, 'SELECT * FROM find_folders($1, $2)', [ids]);
    return new Map(rows.map((folder) => [folder.folderId, folder]));
  }

  /** Folders of a parent by name, after the given one. */
  async page(
    context: StepContext,
    parentId: FolderId | null,
    after: string | null,
    limit: number,
  ): Promise<FolderPage> {
    const rows = await this.database.call<FolderRecord>(context, 'SELECT * FROM list_folders($1, $2, $3, $4)', [
      parentId,
      after ?? '',
      limit + 1,
    ]);
    return { folders: rows.slice(0, limit), hasMore: rows.length > limit };
  }

  /** Once a key, when the context has one. */
  async create(context: StepContext, folder: NewFolder, maxDepth: number): Promise<FolderRecord> {
    const { folderId, parentId, name, createdBy } = folder;
    const values = [folderId, parentId, name, createdBy, maxDepth];
    const made = await this.database.call<FolderRecord & { replayed?: boolean }>(
      context,
      isOnce(context) ? CREATE_ONCE : CREATE,
      values,
    );
    const [{ replayed = false, ...record }] = made as [FolderRecord & { replayed?: boolean }];
    if (isOnce(context)) context.once.replayed = replayed;
    return record;
  }

  async update(
    context: StepContext,
    folderId: FolderId,
    changes: FolderChanges,
    ifMatch: readonly string[] | null,
    maxDepth: number,
  ): Promise<FolderRecord | null> {
    const values = [folderId, JSON.stringify(changes), ifMatch, maxDepth];
    return this.one(context, 'SELECT * FROM update_folder($1, $2, $3, $4, $5)', values);
  }

  /** `emptying`: gone for every door, the reaper deletes what is in it; `keep` refuses such a folder instead. */
  async delete(
    context: StepContext,
    folderId: FolderId,
    contents: 'keep' | 'delete',
    ifMatch: readonly string[] | null,
  ): Promise<'deleted' | 'emptying' | null> {
    const [row] = await this.database.call<{ empty: boolean | null }>(
      context,
      'SELECT delete_folder($1, $2, $3, $4) AS empty',
      [folderId, contents === 'delete', ifMatch],
    );
    if (row === undefined || row.empty === null) return null;
    return row.empty ? 'deleted' : 'emptying';
  }

  private async one(context: StepContext, text: string, values: readonly unknown[]): Promise<FolderRecord | null> {
    const rows = await this.database.call<FolderRecord>(context, text, values);
    return rows[0] ?? null;
  }
}
