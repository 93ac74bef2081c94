import { RequireScopes } from '@custody/auth';
import type { FolderId } from '@custody/domain';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { FileView } from '../files/files.schema.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FindFolders } from './find-folders.service.js';
import type { FolderView } from './folders.schema.js';

@Resolver('File')
export class FileFolderResolver {
  constructor(private readonly findFolders: FindFolders) {}

  @ResolveField()
  @RequireScopes('files:read')
  async folder(@CurrentCaller() { context }: Caller, @Parent() { folderId }: FileView): Promise<FolderView | null> {
    return folderId === null ? null : this.findFolders.execute(context, folderId as FolderId);
  }
}
