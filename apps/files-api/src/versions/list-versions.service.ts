import type { FilesApiConfig } from '@custody/config';
import { FileVersionsRepository, type StepContext } from '@custody/data';
import { asId, type FileId, type VersionId } from '@custody/domain';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../configuration.module.js';
import { ReadFile } from '../files/read-file.service.js';
import { versionView } from './version-view.js';
import type { ListVersionsQuery, VersionList } from './versions.schema.js';

@Injectable()
export class ListVersions {
  constructor(
    private readonly readFile: ReadFile,
    private readonly versions: FileVersionsRepository,
    @Inject(CONFIG) private readonly config: FilesApiConfig,
  ) {}

  /** A page of a file's versions, newest first, whatever became of them. Throws `FILE_NOT_FOUND`. */
  async execute(context: StepContext, fileId: FileId, { limit, cursor }: ListVersionsQuery): Promise<VersionList> {
    await this.readFile.execute(context, fileId);
    const after = cursor === undefined ? null : asId<VersionId>(cursor);
    const found = await this.versions.list(context, fileId, after, limit + 1);
    const page = found.slice(0, limit);
    const hasMore = found.length > limit;
    return {
      items: page.map((version) => versionView(version, this.config.http.publicUrl)),
      nextCursor: hasMore ? (page.at(-1)?.versionId ?? null) : null,
      hasMore,
    };
  }
}
