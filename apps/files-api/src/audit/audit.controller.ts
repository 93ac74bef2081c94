import { RequireScopes } from '@custody/auth';
import { Controller, Get, Headers, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { auditQuerySchema, type AuditQuery } from './audit.schema.js';
import { ExportAudit } from './export-audit.service.js';
import { ListAudit } from './list-audit.service.js';
import { NDJSON, wantsNdjson } from './wants-ndjson.js';

@Controller('v1/audit')
export class AuditController {
  constructor(
    private readonly listAudit: ListAudit,
    private readonly exportAudit: ExportAudit,
  ) {}

  @Get()
  @RequireScopes('files:admin')
  async read(
    @CurrentCaller() { context }: Caller,
    @Query({ schema: auditQuerySchema }) query: AuditQuery,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const format = query.format ?? (wantsNdjson(accept) ? 'ndjson' : 'json');
    const body =
      format === 'ndjson'
        ? await this.exportAudit.execute(context, query)
        : await this.listAudit.execute(context, query);
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    // A reader that leaves makes Fastify destroy the stream, which ends the reading.
    reply.type(format === 'ndjson' ? NDJSON : 'application/json').send(body);
  }
}
