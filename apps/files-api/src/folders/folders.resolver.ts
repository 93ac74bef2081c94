import { RequireScopes } from '@custody/auth';
import type { FolderId } from '@custody/domain';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FolderIdPipe } from '../requests/folder-id.pipe.js';
import type { PageRequest } from '../requests/page.js';
import { FindFolders } from './find-folders.service.js';
import { folderView } from './folder-view.js';
import { folderListQuerySchema, type FolderView } from './folders.schema.js';
import { cursorAfter, ListFolders } from './list-folders.service.js';
import { ReadFolder } from './read-folder.service.js';

const parentSchema = folderListQuerySchema.shape.parentId;

@Resolver('Folder')
export class FoldersResolver {
  constructor(
    private readonly readFolder: ReadFolder,
    private readonly listFolders: ListFolders,
    private readonly findFolders: FindFolders,
  ) {}

  @Query()
  @RequireScopes('files:read')
  async folder(@CurrentCaller() { context }: Caller, @Args('id', FolderIdPipe) id: FolderId): Promise<FolderView> {
    return folderView(await this.readFolder.execute(context, id));
  }

  @Query()
  @RequireScopes('files:read')
  async folders(
    @CurrentCaller() { context }: Caller,
    @Args('parentId', new SchemaPipe(parentSchema)) parentId: FolderId | 'root',
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<FolderView>> {
    const list = await this.listFolders.execute(context, { ...page, parentId });
    return connection(list, page, ({ name }) => cursorAfter(name));
  }

  @ResolveField()
  @RequireScopes('files:read')
  async parent(@CurrentCaller() { context }: Caller, @Parent() folder: FolderView): Promise<FolderView | null> {
    return folder.parentId === null ? null : this.findFolders.execute(context, folder.parentId as FolderId);
  }
}
