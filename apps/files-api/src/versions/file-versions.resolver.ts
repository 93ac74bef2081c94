import { RequireScopes } from '@custody/auth';
import type { FilesApiConfig } from '@custody/config';
import { FileVersionsRepository, type FileVersionRecord } from '@custody/data';
import type { FileId } from '@custody/domain';
import { Inject } from '@nestjs/common';
import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CONFIG } from '../configuration.module.js';
import type { FileView } from '../files/files.schema.js';
import { Batched } from '../graphql/batched.js';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import type { PageRequest } from '../requests/page.js';
import { versionView } from './version-view.js';
import type { VersionView } from './versions.schema.js';

/** The newest versions of each file of an answer, read together. */
@Resolver('File')
export class FileVersionsResolver {
  private readonly newest = new Batched<FileId, readonly FileVersionRecord[], number>((context, ids, limit) =>
    this.repository.newest(context, ids, limit),
  );

  constructor(
    private readonly repository: FileVersionsRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  @ResolveField()
  @RequireScopes('files:read')
  async versions(
    @CurrentCaller() { context }: Caller,
    @Parent() { fileId }: FileView,
    @Args(new SchemaPipe(pageArgumentsSchema)) { limit }: PageRequest,
  ): Promise<Connection<VersionView>> {
    const found = (await this.newest.load(context, fileId as FileId, limit + 1)) ?? [];
    const items = found.slice(0, limit).map((version) => versionView(version, this.config.http.publicUrl));
    return connection({ items, hasMore: found.length > limit }, {}, ({ versionId }) => versionId);
  }
}
