import { RequireScopes } from '@custody/auth';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { connection, type Connection } from '../graphql/connection.js';
import { SchemaPipe } from '../graphql/schema.pipe.js';
import { CurrentCaller, type Caller } from '../requests/caller.decorator.js';
import { writeCursor } from './audit-cursor.js';
import { auditArgumentsSchema, type AuditEntry, type AuditQuery } from './audit.schema.js';
import { ListAudit } from './list-audit.service.js';

@Resolver()
export class AuditResolver {
  constructor(private readonly listAudit: ListAudit) {}

  @Query()
  @RequireScopes('files:admin')
  async audit(
    @CurrentCaller() { context }: Caller,
    @Args(new SchemaPipe(auditArgumentsSchema)) query: AuditQuery,
  ): Promise<Connection<AuditEntry>> {
    const page = await this.listAudit.execute(context, query);
    return connection(page, query, ({ id, at }) => writeCursor(query.order, { at: new Date(at), id: Number(id) }));
  }
}
