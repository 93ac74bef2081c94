import { RequireScopes } from '@custody/auth';
import type { FileId, RescanRunId } from '@custody/domain';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { connection, pageArgumentsSchema, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { RescanRunIdPipe } from '../requests/id.pipe.js';
import { cursorAfter, type PageRequest } from '../requests/page.js';
import { ListRescans } from './list-rescans.service.js';
import { ReadRescan } from './read-rescan.service.js';
import { RequestRescan } from './request-rescan.service.js';
import { rescanRunView } from './rescan-run-view.js';
import {
  startRescanSchema,
  type RequestedRescanView,
  type RescanRunView,
  type StartRescanRequest,
} from './rescans.schema.js';
import { StartRescan } from './start-rescan.service.js';
import { StopRescan } from './stop-rescan.service.js';

@Resolver()
@RequireScopes('files:admin')
export class RescansResolver {
  constructor(
    private readonly request: RequestRescan,
    private readonly start: StartRescan,
    private readonly list: ListRescans,
    private readonly read: ReadRescan,
    private readonly stop: StopRescan,
  ) {}

  @Query()
  async rescan(
    @CurrentCaller() { context }: Caller,
    @Args('id', RescanRunIdPipe) id: RescanRunId,
  ): Promise<RescanRunView> {
    return rescanRunView(await this.read.execute(context, id));
  }

  @Query()
  async rescans(
    @CurrentCaller() { context }: Caller,
    @Args(new SchemaPipe(pageArgumentsSchema)) page: PageRequest,
  ): Promise<Connection<RescanRunView>> {
    return connection(await this.list.execute(context, page), page, ({ runId }) => cursorAfter([runId]));
  }

  @Mutation()
  rescanFile(
    @CurrentCaller() { context }: Caller,
    @Args('fileId', FileIdPipe) fileId: FileId,
    @Args('versionId') versionId: string | null | undefined,
    @Args('reason') reason: string | null | undefined,
  ): Promise<RequestedRescanView> {
    return this.request.execute(context, fileId, versionId ?? null, { reason });
  }

  @Mutation()
  async startRescan(
    @CurrentCaller() { context }: Caller,
    @Args('input', new SchemaPipe(startRescanSchema)) request: StartRescanRequest,
  ): Promise<RescanRunView> {
    return rescanRunView(await this.start.execute(context, request));
  }

  @Mutation()
  async stopRescan(
    @CurrentCaller() { context }: Caller,
    @Args('runId', RescanRunIdPipe) id: RescanRunId,
  ): Promise<RescanRunView> {
    return rescanRunView(await this.stop.execute(context, id));
  }
}
