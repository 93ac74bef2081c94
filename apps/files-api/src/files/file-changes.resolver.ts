import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileRecord } from '@custody/data';
import type { FileId } from '@custody/domain';
import { Inject } from '@nestjs/common';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { CONFIG } from '../configuration.module.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { DeleteFile } from './delete-file.service.js';
import { fileView } from './file-view.js';
import { fileChangesSchema, type FileChangesRequest, type FileView } from './files.schema.js';
import { RestoreFile } from './restore-file.service.js';
import { UpdateFile } from './update-file.service.js';

@Resolver()
@RequireScopes('files:write')
export class FileChangesResolver {
  constructor(
    private readonly update: UpdateFile,
    private readonly remove: DeleteFile,
    private readonly restore: RestoreFile,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Mutation()
  async updateFile(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('changes', new SchemaPipe(fileChangesSchema)) changes: FileChangesRequest,
    @Args('ifMatch') ifMatch: string | null | undefined,
  ): Promise<FileView> {
    return this.show(await this.update.execute(context, fileId, changes, ifMatch ?? undefined));
  }

  @Mutation()
  async deleteFile(@CurrentCaller() { context }: Caller, @Args('fileId', FileIdPipe) fileId: FileId): Promise<FileId> {
    await this.remove.execute(context, fileId);
    return fileId;
  }

  @Mutation()
  async restoreFile(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
  ): Promise<FileView> {
    return this.show(await this.restore.execute(context, fileId));
  }

  private show(file: FileRecord): FileView {
    return fileView(file, this.config.http.publicUrl);
  }
}
