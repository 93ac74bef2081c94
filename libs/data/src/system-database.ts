import type { FileEventHints } from '@custody/contracts';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { Prisma, PrismaClient } from './generated/client.js';
import { toDatabaseError } from './database-error.js';
import { passOnNotices } from './event-notices.js';
import { toRecord } from './rows.js';
import type { DatabaseOptions } from './tenant-database.js';

/**
 * Cross-tenant access as role `custody_system`. Only `System…` repositories take it, and only the worker's claim, the reaper, the
 * reconciler and the relay are given its credentials.
 */
@Injectable()
export class SystemDatabase implements OnApplicationShutdown {
  readonly prisma: PrismaClient;

  constructor(options: DatabaseOptions, hints?: FileEventHints) {
    const pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolMax,
      application_name: options.applicationName,
      connectionTimeoutMillis: 5_000,
      statement_timeout: 60_000,
    });
    passOnNotices(pool, hints);
    const adapter = new PrismaPg(pool, { disposeExternalPool: true, onPoolError: () => undefined });
    this.prisma = new PrismaClient({ adapter });
  }

  /** Runs one statement in a transaction of its own. */
  async call<Row>(statement: Prisma.Sql): Promise<Row[]> {
    try {
      const rows = await this.prisma.$queryRaw<Record<string, unknown>[]>(statement);
      return rows.map((row) => toRecord<Row>(row));
    } catch (error) {
      throw toDatabaseError(error);
    }
  }

  async ping(): Promise<void> {
    await this.prisma.$queryRaw`SELECT 1`;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prisma.$disconnect();
  }
}
