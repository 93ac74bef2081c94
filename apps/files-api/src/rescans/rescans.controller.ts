import { RequireScopes } from '@custody/auth';
import type { RescanRunId } from '@custody/domain';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { RescanRunIdPipe } from '../requests/id.pipe.js';
import { pageRequestSchema, type Page, type PageRequest } from '../requests/page.js';
import { validated } from '../requests/validation.js';
import { ListRescans } from './list-rescans.service.js';
import { ReadRescan } from './read-rescan.service.js';
import { rescanRunView } from './rescan-run-view.js';
import { startRescanSchema, type RescanRunView } from './rescans.schema.js';
import { StartRescan } from './start-rescan.service.js';
import { StopRescan } from './stop-rescan.service.js';

@Controller('v1/rescans')
@RequireScopes('files:admin')
export class RescansController {
  constructor(
    private readonly startRescan: StartRescan,
    private readonly listRescans: ListRescans,
    private readonly readRescan: ReadRescan,
    private readonly stopRescan: StopRescan,
  ) {}

  @Post()
  @HttpCode(202)
  async start(@CurrentCaller() { context }: Caller, @Body() body: unknown): Promise<RescanRunView> {
    return rescanRunView(await this.startRescan.execute(context, validated(startRescanSchema, body ?? {})));
  }

  @Get()
  list(
    @CurrentCaller() { context }: Caller,
    @Query({ schema: pageRequestSchema }) page: PageRequest,
  ): Promise<Page<RescanRunView>> {
    return this.listRescans.execute(context, page);
  }

  @Get(':runId')
  async read(
    @CurrentCaller() { context }: Caller,
    @Param('runId', RescanRunIdPipe) id: RescanRunId,
  ): Promise<RescanRunView> {
    return rescanRunView(await this.readRescan.execute(context, id));
  }

  @Post(':runId/stop')
  @HttpCode(200)
  async stop(
    @CurrentCaller() { context }: Caller,
    @Param('runId', RescanRunIdPipe) id: RescanRunId,
  ): Promise<RescanRunView> {
    return rescanRunView(await this.stopRescan.execute(context, id));
  }
}
