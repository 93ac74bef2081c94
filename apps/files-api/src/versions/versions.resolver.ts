import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import type { FileId } from '@custody/domain';
import { Inject } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { CONFIG } from '../configuration.module.js';
import { fileView } from '../files/file-view.js';
import type { FileView } from '../files/files.schema.js';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { Creates } from '../idempotency/take-idempotency-key.guard.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import type { PageRequest } from '../requests/page.js';
import { validated } from '../requests/validation.js';
import type { PresignResponse } from '../uploads/uploads.schema.js';
import { ListVersions } from './list-versions.service.js';
import { PresignVersion } from './presign-version.service.js';
import { RestoreVersion } from './restore-version.service.js';
import { listVersionsQuerySchema, type VersionView } from './versions.schema.js';

@Resolver()
export class VersionsResolver {
  constructor(
    private readonly listVersions: ListVersions,
    private readonly presign: PresignVersion,
    private readonly restore: RestoreVersion,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @Query()
  @RequireScopes('files:read')
  async versions(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<VersionView>> {
    const list = await this.listVersions.execute(context, fileId, validated(listVersionsQuerySchema, page));
    return connection(list, page, ({ versionId }) => versionId);
  }

  @Creates()
  @Mutation()
  @RequireScopes('files:write')
  presignVersion(
    @CurrentCaller() caller: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('input') { sha256, ...input }: Record<string, unknown>,
  ): Promise<PresignResponse> {
    return this.presign.execute(caller, fileId, { ...input, sha256: sha256 ?? undefined });
  }

  @Mutation()
  @RequireScopes('files:write')
  async restoreVersion(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('versionId') versionId: string,
  ): Promise<FileView> {
    return fileView(await this.restore.execute(context, fileId, versionId), this.config.http.publicUrl);
  }
}
