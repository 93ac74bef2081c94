import { RequireScopes } from '@custody/auth';
import type { FileId } from '@custody/domain';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { FileIdPipe } from '../requests/file-id.pipe.js';
import { eventsQuerySchema, type EventsQuery } from './events.schema.js';
import { FollowFile } from './follow-file.service.js';
import { FollowTenant } from './follow-tenant.service.js';
import { OpenStream, type Feed } from './open-stream.service.js';

/** Server-sent events (WHATWG HTML, 9.2): what happens to files, as it happens (M20). */
@Controller('v1')
@RequireScopes('files:read')
export class EventsController {
  constructor(
    private readonly followFile: FollowFile,
    private readonly followTenant: FollowTenant,
    private readonly openStream: OpenStream,
  ) {}

  @Get('events')
  async tenant(
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') header: string | undefined,
    @Query({ schema: eventsQuerySchema }) query: EventsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { context } = caller;
    const feed: Feed = {
      fileId: null,
      begin: () => this.followTenant.execute(context, header ?? query.lastEventId),
      continue: (position) => this.followTenant.continue(context, position),
    };
    await this.send(caller, feed, reply);
  }

  @Get('files/:fileId/events')
  async file(
    @CurrentCaller() caller: Caller,
    @Param('fileId', FileIdPipe) fileId: FileId,
    @Headers('last-event-id') header: string | undefined,
    @Query({ schema: eventsQuerySchema }) query: EventsQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { context } = caller;
    const feed: Feed = {
      fileId,
      begin: () => this.followFile.execute(context, fileId, header ?? query.lastEventId),
      continue: (position) => this.followFile.continue(context, fileId, position),
    };
    await this.send(caller, feed, reply);
  }

  private async send(caller: Caller, feed: Feed, reply: FastifyReply): Promise<void> {
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    // It may have closed while the token was checked.
    if (reply.raw.destroyed) left.abort();
    const stream = await this.openStream.execute(caller, feed, left.signal);
    reply.headers({ 'cache-control': 'no-cache, no-transform', 'x-content-type-options': 'nosniff' });
    // 204 is what makes a browser stop connecting again (WHATWG HTML, 9.2.3).
    if (stream === null) reply.code(204).send();
    // nginx would collect the answer; this header is its way to be told not to.
    else reply.header('x-accel-buffering', 'no').type('text/event-stream').send(stream);
  }
}
