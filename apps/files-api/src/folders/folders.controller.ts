import { RequireScopes } from '@custody/auth';
import type { FolderId } from '@custody/domain';
import { Controller, Get, Header, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { isKnown } from '../requests/entity-tag.js';
import { FolderIdPipe } from '../requests/folder-id.pipe.js';
import { folderView } from './folder-view.js';
import { folderListQuerySchema, type FolderList, type FolderListQuery, type FolderView } from './folders.schema.js';
import { ListFolders } from './list-folders.service.js';
import { ReadFolder } from './read-folder.service.js';

@Controller('v1/folders')
@RequireScopes('files:read')
export class FoldersController {
  constructor(
    private readonly listFolders: ListFolders,
    private readonly readFolder: ReadFolder,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  list(
    @CurrentCaller() { context }: Caller,
    @Query({ schema: folderListQuerySchema }) query: FolderListQuery,
  ): Promise<FolderList> {
    return this.listFolders.execute(context, query);
  }

  @Get(':folderId')
  @Header('cache-control', 'private, no-cache')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('folderId', FolderIdPipe) folderId: FolderId,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<FolderView | undefined> {
    const folder = await this.readFolder.execute(context, folderId);
    return isKnown(folder.entityTag, request, reply) ? undefined : folderView(folder);
  }
}
