import { RequireScopes } from '@custody/auth';
import type { FolderId } from '@custody/domain';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FolderIdPipe } from '../requests/folder-id.pipe.js';
import { CreateFolder } from './create-folder.service.js';
import { DeleteFolder } from './delete-folder.service.js';
import { folderView } from './folder-view.js';
import {
  folderChangesSchema,
  newFolderSchema,
  type FolderChangesRequest,
  type FolderView,
  type NewFolderRequest,
} from './folders.schema.js';
import { UpdateFolder } from './update-folder.service.js';

@Resolver()
@RequireScopes('files:write')
export class FolderChangesResolver {
  constructor(
    private readonly create: CreateFolder,
    private readonly update: UpdateFolder,
    private readonly remove: DeleteFolder,
  ) {}

  @Creates()
  @Mutation()
  async createFolder(
    @CurrentCaller() caller: Caller,
    @Args('input', new SchemaPipe(newFolderSchema)) request: NewFolderRequest,
  ): Promise<FolderView> {
    return folderView(await this.create.execute(caller, request));
  }

  @Mutation()
  async updateFolder(
    @CurrentCaller() { context }: Caller,
    @Args('folderId', FolderIdPipe) folderId: FolderId,
    @Args('changes', new SchemaPipe(folderChangesSchema)) changes: FolderChangesRequest,
    @Args('ifMatch') ifMatch: string | null | undefined,
  ): Promise<FolderView> {
    return folderView(await this.update.execute(context, folderId, changes, ifMatch ?? undefined));
  }

  @Mutation()
  deleteFolder(
    @CurrentCaller() { context }: Caller,
    @Args('folderId', FolderIdPipe) folderId: FolderId,
    @Args('recursive') recursive: boolean | null,
    @Args('ifMatch') ifMatch: string | null | undefined,
  ): Promise<'deleted' | 'emptying'> {
    const query = { recursive: recursive === true ? 'true' : 'false' } as const;
    return this.remove.execute(context, folderId, query, ifMatch ?? undefined);
  }
}
