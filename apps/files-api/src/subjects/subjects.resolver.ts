import { RequireScopes } from '@custody/auth';
import type { FileId, Subject } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import type { PageRequest } from '../requests/page.js';
import { LinkSubject } from './link-subject.service.js';
import { cursorAfter, ListSubjectFiles } from './list-subject-files.service.js';
import { subjectSchema } from './subject.schema.js';
import type { SubjectFileView } from './subjects.schema.js';
import { UnlinkSubject } from './unlink-subject.service.js';

@Resolver()
export class SubjectsResolver {
  constructor(
    private readonly listFiles: ListSubjectFiles,
    private readonly link: LinkSubject,
    private readonly unlink: UnlinkSubject,
  ) {}

  @Query()
  @RequireScopes('files:read')
  async subjectFiles(
    @CurrentCaller() { context }: Caller,
    @Args('subject', new SchemaPipe(subjectSchema)) subject: Subject,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<SubjectFileView>> {
    const list = await this.listFiles.execute(context, subject, page);
    const { edges, pageInfo } = connection(list, page, cursorAfter);
    return { edges: edges.map((edge) => ({ ...edge, linkedAt: edge.node.linkedAt })), pageInfo };
  }

  @Mutation()
  @RequireScopes('files:write')
  async linkSubject(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('subject', new SchemaPipe(subjectSchema)) subject: Subject,
  ): Promise<FileId> {
    await this.link.execute(context, fileId, subject);
    return fileId;
  }

  @Mutation()
  @RequireScopes('files:write')
  async unlinkSubject(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('subject', new SchemaPipe(subjectSchema)) subject: Subject,
  ): Promise<FileId> {
    await this.unlink.execute(context, fileId, subject);
    return fileId;
  }
}
