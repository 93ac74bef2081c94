import { createHash } from 'node:crypto';
import type { FileEventHints } from '@custody/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { toDatabaseError } from './database-error.js';
import { passOnNotices } from './event-notices.js';
import { PreparedCall, runCall } from './prepared-call.js';
import type { StepContext } from './step-context.js';

export interface DatabaseOptions {
  readonly url: string;
  readonly poolMax: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
}

const statementNames = new Map<string, string>();
function nameOf(text: string): string {
  let name = statementNames.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('hex').slice(0, 16);
    statementNames.set(text, name);
  }
  return name;
}

/**
 * The services' way into PostgreSQL: one prepared call of a SQL function is one round trip and one transaction, in which the
 * function sets the tenant and works under row-level security (ADR 0004). There is no way to run a statement without a context.
 */
@Injectable()
export class TenantDatabase implements OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(options: DatabaseOptions, hints?: FileEventHints) {
    this.pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolMax,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 30_000,
      keepAlive: true,
    });
    // A connection that breaks while idle is replaced at the next call; without a listener it would end the process.
    this.pool.on('error', () => undefined);
    passOnNotices(this.pool, hints);
  }

  /** Calls `text`, whose $1 is the context. Throws `SERVICE_UNAVAILABLE` when PostgreSQL cannot be reached. */
  async call<Row>(context: StepContext, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    try {
      return await runCall(this.pool, new PreparedCall<Row>(nameOf(text), text, [JSON.stringify(context), ...values]));
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
