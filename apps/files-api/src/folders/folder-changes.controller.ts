import { RequireScopes } from '@custody/auth';
import type { FolderRecord } from '@custody/data';
import type { FolderId } from '@custody/domain';
import { Body, Controller, Delete, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FolderIdPipe } from '../requests/folder-id.pipe.js';
import { CreateFolder } from './create-folder.service.js';
import { DeleteFolder } from './delete-folder.service.js';
import { folderView } from './folder-view.js';
import {
  folderChangesSchema,
  folderDeletionQuerySchema,
  newFolderSchema,
  type FolderChangesRequest,
  type FolderDeletionQuery,
  type FolderView,
  type NewFolderRequest,
} from './folders.schema.js';
import { UpdateFolder } from './update-folder.service.js';

const STATUS = { deleted: 204, emptying: 202 } as const;

@Controller('v1/folders')
@RequireScopes('files:write')
export class FolderChangesController {
  constructor(
    private readonly createFolder: CreateFolder,
    private readonly updateFolder: UpdateFolder,
    private readonly deleteFolder: DeleteFolder,
  ) {}

  @Creates()
  @Post()
  async create(
    @CurrentCaller() caller: Caller,
    @Body({ schema: newFolderSchema }) request: NewFolderRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FolderView> {
    return show(await this.createFolder.execute(caller, request), reply);
  }

  @Patch(':folderId')
  async update(
    @CurrentCaller() { context }: Caller,
    @Param('folderId', FolderIdPipe) folderId: FolderId,
    @Body({ schema: folderChangesSchema }) changes: FolderChangesRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FolderView> {
    return show(await this.updateFolder.execute(context, folderId, changes, ifMatch), reply);
  }

  @Delete(':folderId')
  async delete(
    @CurrentCaller() { context }: Caller,
    @Param('folderId', FolderIdPipe) folderId: FolderId,
    @Query({ schema: folderDeletionQuerySchema }) query: FolderDeletionQuery,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    reply.code(STATUS[await this.deleteFolder.execute(context, folderId, query, ifMatch)]);
  }
}

function show(folder: FolderRecord, reply: FastifyReply): FolderView {
  reply.header('etag', `"${folder.entityTag}"`);
  return folderView(folder);
}
